// Lines that are redrawn in place, on a screen without a terminal.
#include "cli/live_block.h"

#include "catch.h"
#include "screen.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

using Rows = std::vector<std::string>;

/// A block and a screen that shows it.
struct Shown {
    TerminalSize size;
    LiveBlock block = {};
    Screen screen{size.columns, size.rows};

    void show(const Rows& lines) { screen.write(block.show(lines, size)); }
    void say(const std::string& text) {
        screen.write(block.take_away(size) + text);
        screen.write(block.put_back(size));
    }
    void resize(TerminalSize to) {
        size = to;
        screen.resize(to.columns, to.rows);
    }
};

}  // namespace

TEST_CASE("a block is redrawn in place, whether it grows or shrinks") {
    Shown shown{{20, 6}};
    shown.say("first\n");
    shown.show({"a long line", "b"});
    shown.show({"a", "b", "c"});
    CHECK(shown.screen.rows() == Rows{"first", "a", "b", "c"});
    shown.show({"d"});
    CHECK(shown.screen.rows() == Rows{"first", "d"});
    shown.show({});
    CHECK(shown.screen.rows() == Rows{"first"});
    CHECK(shown.block.show({}, shown.size).empty());
}

TEST_CASE("what is said meanwhile stands above the block, and scrolls off, but is not lost") {
    Shown shown{{20, 4}};
    shown.show({"a", "b"});
    Rows expected;
    for (int i = 0; i < 9; ++i) {
        expected.push_back("note " + std::to_string(i));
        shown.say(expected.back() + '\n');
        shown.show({"a" + std::to_string(i), "b"});
    }
    expected.insert(expected.end(), {"a8", "b"});
    CHECK(shown.screen.rows() == expected);
    shown.say("a line that is longer than the terminal is wide\n");
    CHECK(rows_with(shown.screen.rows(), "b") == 1);
    CHECK(shown.screen.rows().back() == "b");
}

TEST_CASE("a block never fills the terminal: its lines are cut, and the last ones are shown") {
    Shown shown{{5, 3}};
    shown.show({"one", "two", "three"});
    CHECK(shown.screen.rows() == Rows{"two", "thre"});
    shown.show({"1", "2", "3"});
    CHECK(shown.screen.rows() == Rows{"2", "3"});
    CHECK(shown.screen.wrapped().empty());
    for (const TerminalSize tiny : {TerminalSize{1, 1}, TerminalSize{2, 1}, TerminalSize{1, 2}}) {
        Shown other{tiny};
        other.show({"one", "two"});
        other.show({"one", "two"});
        CHECK(other.screen.wrapped().empty());
    }
}

TEST_CASE("a block stays whole while its terminal is resized") {
    Shown shown{{40, 10}};
    shown.say("a note\n");
    const Rows lines = {std::string(39, 'x'), "short", std::string(30, 'y'), "bar"};
    shown.show(lines);
    for (const TerminalSize size : {TerminalSize{25, 10}, TerminalSize{13, 12}, TerminalSize{60, 20},
                                    TerminalSize{12, 16}, TerminalSize{80, 24}}) {
        INFO(size.columns << " x " << size.rows);
        shown.resize(size);
        shown.show(lines);
        Rows expected = {"a note"};
        for (const std::string& line : lines) expected.push_back(line.substr(0, size.columns - 1));
        CHECK(shown.screen.rows() == expected);
        shown.resize({size.columns / 2, size.rows});
        shown.say("another\n");
        CHECK(shown.screen.rows().back() == "bar");
        CHECK(rows_with(shown.screen.rows(), "short") == 1);
        shown = Shown{size};
        shown.say("a note\n");
        shown.show(lines);
    }
}
