#include "screen.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace shadenet::test {

namespace {

bool holds(const std::string& row, const std::string& part) {
    return row.find(part) != std::string::npos;
}

}  // namespace

void Screen::write(const std::string& text) {
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '\x1b') {
            i = escape(text, i);
            continue;
        }
        if (text[i] == '\r') {
            column_ = 0;
        } else if (text[i] == '\n') {
            line_feed();
        } else {
            put(text[i]);
        }
        ++i;
    }
}

void Screen::line_feed() {
    column_ = 0;
    if (++row_ == rows_.size()) rows_.emplace_back();
    top_ = std::max(top_, row_ + 1 - std::min(row_ + 1, height_));
}

void Screen::put(char letter) {
    if (column_ == columns_) {
        wrapped_.push_back(rows_[row_].text);
        rows_[row_].goes_on = true;
        line_feed();
    }
    std::string& row = rows_[row_].text;
    if (row.size() <= column_) row.resize(column_ + 1, ' ');
    row[column_++] = letter;
}

void Screen::erase_rest_of_row() {
    std::string& row = rows_[row_].text;
    row.resize(std::min(row.size(), column_));
    rows_[row_].goes_on = false;
}

/// Returns the place behind the sequence.
std::size_t Screen::escape(const std::string& text, std::size_t begin) {
    std::size_t count = 1;
    const char* const first = text.data() + std::min(begin + 2, text.size());
    const char* const last = text.data() + text.size();
    const char* const letter = std::from_chars(first, last, count).ptr;
    if (first == last || first[-1] != '[' || letter == last)
        throw std::runtime_error("half an escape sequence");
    if (*letter == 'A') {
        row_ -= std::min(count, row_ - top_);
    } else if (*letter == 'K' && letter == first) {
        erase_rest_of_row();
    } else if (*letter == 'J' && letter == first) {
        erase_rest_of_row();
        rows_.resize(row_ + 1);
    } else {
        throw std::runtime_error(std::string("an escape sequence ends in ") + *letter);
    }
    return static_cast<std::size_t>(letter - text.data()) + 1;
}

void Screen::resize(std::size_t columns, std::size_t rows) {
    if (column_ != 0) throw std::runtime_error("resizing is known with the cursor at a line's begin only");
    columns_ = columns;
    height_ = rows;
    const std::vector<Row> old = std::exchange(rows_, {});
    std::size_t cursor = 0;
    std::string line;
    for (std::size_t i = 0; i < old.size(); ++i) {
        if (i == row_) cursor = rows_.size();
        line += old[i].text;
        if (old[i].goes_on) continue;
        for (; line.size() > columns; line.erase(0, columns))
            rows_.push_back({line.substr(0, columns), true});
        rows_.push_back({std::exchange(line, {})});
    }
    row_ = cursor;
    top_ = row_ + 1 - std::min(row_ + 1, height_);
}

std::vector<std::string> Screen::rows() const {
    std::vector<std::string> texts;
    for (const Row& row : rows_) {
        texts.push_back(row.text.substr(0, row.text.find_last_not_of(' ') + 1));
    }
    while (!texts.empty() && texts.back().empty()) texts.pop_back();
    return texts;
}

std::size_t rows_with(const std::vector<std::string>& rows, const std::string& part) {
    return static_cast<std::size_t>(
        std::ranges::count_if(rows, [&](const std::string& row) { return holds(row, part); }));
}

std::size_t row_of(const std::vector<std::string>& rows, const std::string& part) {
    const auto found = std::ranges::find_if(rows, [&](const std::string& row) { return holds(row, part); });
    if (found == rows.end()) throw std::runtime_error("no row has \"" + part + "\"");
    return static_cast<std::size_t>(found - rows.begin());
}

}  // namespace shadenet::test
