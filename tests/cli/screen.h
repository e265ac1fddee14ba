// What a terminal shows of what was written to it, as far as this program writes escape sequences.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace shadenet::test {

/// Like most terminals it wraps its lines anew when it is resized.
class Screen {
  public:
    Screen(std::size_t columns, std::size_t rows) : columns_(columns), height_(rows) {}

    /// Throws on an escape sequence that it does not know, and on half of one.
    void write(const std::string& text);
    void resize(std::size_t columns, std::size_t rows);

    /// All rows, with those that scrolled off, but without blanks at their ends and without empty rows at the
    /// end.
    std::vector<std::string> rows() const;
    /// The first row of each line that took more than one when it was written.
    const std::vector<std::string>& wrapped() const { return wrapped_; }

  private:
    struct Row {
        std::string text;
        bool goes_on = false;  ///< in the next row
    };

    void line_feed();
    void put(char letter);
    std::size_t escape(const std::string& text, std::size_t begin);
    void erase_rest_of_row();

    std::size_t columns_, height_;
    std::vector<Row> rows_ = std::vector<Row>(1);
    std::size_t top_ = 0;               ///< of rows_, the first on the screen
    std::size_t row_ = 0, column_ = 0;  ///< the cursor
    std::vector<std::string> wrapped_;
};

/// In how many of the rows `part` is.
std::size_t rows_with(const std::vector<std::string>& rows, const std::string& part);
/// The first of them; throws when there is none.
std::size_t row_of(const std::vector<std::string>& rows, const std::string& part);

}  // namespace shadenet::test
