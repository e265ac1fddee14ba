// What a terminal, a window or a page may show of names.
#include "base/one_line.h"

#include <string>

#include "catch.h"

using shadenet::in_utf8;
using shadenet::on_one_line;
using shadenet::without_controls;

TEST_CASE("letters of all scripts, and what they are joined by, stay") {
    const std::string text =
        "a b \u00e9 \u03b3 \u65e5\u672c \u05e9\u05dc\u05d5\u05dd \U0001f469\u200d\U0001f4bb \u00a0|";
    CHECK(on_one_line(text) == text);
    CHECK(on_one_line("").empty());
}

TEST_CASE("what moves the cursor is escaped, in one byte or two") {
    CHECK(on_one_line("a\n\r\tb\x1b[0m\x7f") == "a\\n\\r\\tb\\x1b[0m\\x7f");
    CHECK(on_one_line(std::string("\0", 1)) == "\\x00");
    CHECK(on_one_line("\u0080\u009b2J\u009f") == "\\u0080\\u009b2J\\u009f");
    CHECK(without_controls("a\n\tb\n") == "a\n\\tb\n");
}

TEST_CASE("what turns the direction of writing round, and what ends lines, is escaped") {
    for (const int code : {0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067,
                           0x2068, 0x2069, 0x2028, 0x2029}) {
        const std::string character = {static_cast<char>(0xe0 | code >> 12),
                                       static_cast<char>(0x80 | (code >> 6 & 0x3f)),
                                       static_cast<char>(0x80 | (code & 0x3f))};
        const std::string text = code < 0x800 ? "\u061c" : character;
        const std::string shown = on_one_line("a" + text + "b");
        INFO(shown);
        CHECK(shown.size() == 8);
        CHECK(std::stoi(shown.substr(3, 4), nullptr, 16) == code);
    }
}

TEST_CASE("bytes that are no UTF-8 are escaped one by one") {
    CHECK(on_one_line("caf\xe9!") == "caf\\xe9!");
    CHECK(on_one_line("\xe2\x82") == "\\xe2\\x82");                    // cut off
    CHECK(on_one_line("\xc0\xbc") == "\\xc0\\xbc");                    // an overlong <
    CHECK(on_one_line("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // a surrogate
    CHECK(on_one_line("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
    CHECK(on_one_line("\xf4\x8f\xbf\xbd") == "\xf4\x8f\xbf\xbd");
    CHECK(in_utf8("caf\xe9\n \u202e \xed\xa0\x80") == "caf\\xe9\n \u202e \\xed\\xa0\\x80");
}
