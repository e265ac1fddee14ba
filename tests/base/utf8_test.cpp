#include "base/utf8.h"

#include <string>

#include "catch.h"

using shadenet::is_utf8;
using shadenet::letters_of;
using shadenet::normalised;
using shadenet::without_case;

TEST_CASE("UTF-8 is told from other bytes") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("plain, caf\xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80"));
    for (const char* other :
         {"caf\xe9", "\xe2\x82", "\xc0\xbc", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x80"}) {
        INFO(other);
        CHECK_FALSE(is_utf8(other));
    }
    CHECK(letters_of("caf\xc3\xa9") == 4);
}

TEST_CASE("names are equal however systems compose their letters, and whatever their case") {
    CHECK(normalised("e\xcc\x81") == "\xc3\xa9");
    CHECK(normalised("x\xff") == "x\xff");
    CHECK(normalised("").empty());
    CHECK(without_case("E\xcc\x81T\xc3\x89") == without_case("\xc3\xa9t\xc3\xa9"));
    CHECK(without_case("A\xff") == "a\xff");
    CHECK(without_case("a") != without_case("b"));
}
