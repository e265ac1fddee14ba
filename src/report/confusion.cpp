#include "report/confusion.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/one_line.h"
#include "report/html.h"
#include "report/svg.h"

namespace shadenet {

namespace {

constexpr int matrix_width = 760, matrix_letter = 7, longest_class_name = 22, matrix_gap = 8;
/// Right of a row: "100.0 %".
constexpr int share_room = 60;
constexpr int smallest_with_numbers = 26, smallest_with_names = 11;

class Matrix {
  public:
    explicit Matrix(const TestResults& results) : results_(results), classes_(results.classes.size()) {
        std::size_t longest = 1;
        for (const std::string& name : results.classes) {
            longest = std::max(longest, std::min<std::size_t>(on_one_line(name).size(), longest_class_name));
        }
        names_ = matrix_letter * static_cast<int>(longest) + 2 * matrix_gap;
        const int room = (matrix_width - names_ - share_room) / static_cast<int>(classes_);
        cell_ = std::clamp(room, 5, 46);
        turned_ = names_ - 2 * matrix_gap > cell_ - 4;
    }

    std::string text() {
        for (std::size_t i = 0; i < classes_; ++i) heading(i);
        for (std::size_t label = 0; label < classes_; ++label) row(label);
        add(text_, "<path class=\"frame\" stroke=\"#888\" fill=\"none\" d=\"M{} {}h{}v{}h-{}z\"/>", left(),
            top(), size(), size(), size());
        const std::string title =
            fmt::format("How often pictures of each of {} classes got each answer", classes_);
        return inline_svg(title, left() + size() + share_room, top() + size() + 4,
                          fmt::format("{} font-size=\"12\" style=\"max-width:{}px\"", svg_font,
                                      left() + size() + share_room),
                          text_);
    }

  private:
    int left() const { return names_; }
    int top() const { return turned_ ? names_ + 18 : 42; }
    int size() const { return cell_ * static_cast<int>(classes_); }
    int at(std::size_t i) const { return cell_ * static_cast<int>(i); }
    void heading(std::size_t i);
    void row(std::size_t label);
    void cell(std::size_t label, std::size_t answer);

    const TestResults& results_;
    std::size_t classes_;
    int names_ = 0, cell_ = 0;
    bool turned_ = false;  ///< the names above the columns
    std::string text_;
};

void Matrix::heading(std::size_t i) {
    if (i == 0) add(text_, "<text class=\"label\" fill=\"#555\" x=\"{}\" y=\"12\">answer</text>", left());
    if (cell_ < smallest_with_names) return;
    const int x = left() + at(i) + cell_ / 2, y = top() - matrix_gap;
    const std::string name = escaped(short_class_name(results_.classes[i]));
    if (turned_) {
        add(text_, "<text class=\"tick\" fill=\"#555\" transform=\"translate({} {}) rotate(-90)\">{}</text>",
            x + 4, y, name);
    } else {
        add(text_, "<text class=\"tick\" fill=\"#555\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">{}</text>", x,
            y, name);
    }
}

void Matrix::row(std::size_t label) {
    const int y = top() + at(label) + cell_ / 2 + 4;
    if (cell_ >= smallest_with_names) {
        add(text_, "<text class=\"tick\" fill=\"#555\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{}</text>",
            left() - matrix_gap, y, escaped(short_class_name(results_.classes[label])));
        const std::string share = right_share(results_, label);
        if (!share.empty()) {
            add(text_, "<text class=\"tick\" fill=\"#555\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{}</text>",
                left() + size() + share_room - 4, y, share);
        }
    }
    for (std::size_t answer = 0; answer < classes_; ++answer) cell(label, answer);
}

void Matrix::cell(std::size_t label, std::size_t answer) {
    const ConfusionCell drawn = confusion_cell(results_, label, answer);
    if (drawn.count == 0) return;
    const int x = left() + at(answer), y = top() + at(label);
    add(text_,
        "<g><title>{}</title><rect class=\"{}\" fill-opacity=\"{:.2f}\" "
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
        escaped(drawn.text), drawn.right ? "right" : "wrong", drawn.strength, x, y, cell_, cell_);
    const std::string number = fmt::format("{}", drawn.count);
    if (cell_ >= smallest_with_numbers && matrix_letter * static_cast<int>(number.size()) < cell_) {
        add(text_, "<text class=\"name\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">{}</text>", x + cell_ / 2,
            y + cell_ / 2 + 4, number);
    }
    text_ += "</g>";
}

}  // namespace

ConfusionCell confusion_cell(const TestResults& results, std::size_t label, std::size_t answer) {
    const std::size_t classes = results.classes.size();
    ConfusionCell cell{results.counts[label * classes + answer], label == answer};
    if (cell.count == 0) return cell;
    const std::uint64_t of = pictures_of_class(results, label);
    const double share = static_cast<double>(cell.count) / static_cast<double>(of);
    // The root makes a mistake in a hundred visible.
    cell.strength = cell.right ? 0.15 + 0.6 * share : 0.12 + 0.78 * std::sqrt(share);
    cell.text =
        fmt::format("{} of {} of {} answered {} ({:.2f} %)", cell.count, counted(of, "picture"),
                    on_one_line(results.classes[label]), on_one_line(results.classes[answer]), 100 * share);
    return cell;
}

std::string right_share(const TestResults& results, std::size_t label) {
    const std::uint64_t of = pictures_of_class(results, label);
    if (of == 0) return "";
    const std::uint64_t right = results.counts[label * (results.classes.size() + 1)];
    return fmt::format("{:.1f} %", 100 * static_cast<double>(right) / static_cast<double>(of));
}

std::string short_class_name(const std::string& name) {
    std::string text = on_one_line(name);
    if (text.size() <= longest_class_name) return text;
    std::size_t end = longest_class_name - 1;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

std::string confusion_svg(const TestResults& results) {
    return Matrix(results).text();
}

}  // namespace shadenet
