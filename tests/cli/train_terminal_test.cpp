// What shadenet train shows on a terminal: its statistics in place.
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "catch.h"
#include "pictures.h"
#include "screen.h"
#include "terminal_process.h"

using namespace shadenet::test;

namespace {

using Rows = std::vector<std::string>;

/// `train` on small pictures, validated after every step.
Arguments validated(const Pictures& pictures, const Arguments& more) {
    Arguments flags = {"--no-tune",
                       "--batch",
                       "1",
                       "--validate-every",
                       "1",
                       "--validation-input",
                       pictures.path("before"),
                       "--validation-target",
                       pictures.path("after")};
    flags.insert(flags.end(), more.begin(), more.end());
    return as_command(pictures.train(flags));
}

Rows rows_of(const std::string& text) {
    std::istringstream stream(text);
    Rows rows;
    for (std::string row; std::getline(stream, row);) {
        rows.push_back(row.ends_with('\r') ? row.substr(0, row.size() - 1) : row);
    }
    return rows;
}

/// The numbers of a norm's last rows and of all that follow, whatever their layout.
std::string statistics(const Rows& rows) {
    std::size_t begin = rows.size();
    while (begin > 0 && !rows[begin - 1].starts_with("  bn1 mean")) --begin;
    std::string words;
    for (std::size_t i = begin == 0 ? 0 : begin - 1; i < rows.size() && !rows[i].empty(); ++i) {
        std::istringstream row(rows[i]);
        for (std::string word; row >> word;) words += word + ' ';
    }
    return words;
}

/// The rows that tell of epochs, without the time that each took.
Rows epoch_rows(const Rows& rows) {
    Rows found;
    bool begun = false;
    for (const std::string& row : rows) {
        begun = begun || row.starts_with("epoch ");
        if (!begun) continue;
        if (row.starts_with("finished ")) break;
        if (row.starts_with("epoch ") || row.starts_with("  bn") || row.starts_with("          ")) {
            found.push_back(row.substr(0, row.find("  rate ")));
        }
    }
    return found;
}

bool is_of_table(const std::string& row) {
    return row.starts_with("epoch ") || row.starts_with("learning ") || row.starts_with("moving mean") ||
           row.starts_with("moving statistics  ") || row.starts_with("  bn");
}

/// Of a terminal of this size: the table is there once, and none of its rows has wrapped.
Rows checked_rows(const std::string& text, std::size_t columns, std::size_t height) {
    Screen screen(columns, height);
    screen.write(text);
    for (const std::string& row : screen.wrapped()) CHECK_FALSE(is_of_table(row));
    const Rows rows = screen.rows();
    for (const char* once : {"learning rate 0.01  elapsed ", "  bn1 mean  ", "  bn2 variance  "}) {
        INFO(once);
        CHECK(rows_with(rows, once) == 1);
    }
    CHECK(rows_with(rows, "]  ") == 0);
    return rows;
}

}  // namespace

TEST_CASE("on a terminal the last epoch stays, below all that was said before it") {
    const Pictures log;
    const Outcome logged = Process(validated(log, {"--epochs", "4"})).wait();
    REQUIRE(logged.exit_code == 0);
    const Rows lines = rows_of(logged.out);
    for (const auto& [columns, height] : {std::pair(80, 24), std::pair(60, 12)}) {
        INFO(columns << " x " << height);
        const Pictures pictures;
        TerminalProcess process(validated(pictures, {"--epochs", "4"}), columns, height);
        REQUIRE(process.wait() == 0);
        const Rows rows = checked_rows(process.text(), columns, height);
        const std::string last = lines[row_of(lines, "epoch 4/4  loss ")];
        const std::size_t table = row_of(rows, "epoch 4/4  loss ");
        // Decibels are left out where there is no room for them.
        const std::string losses = last.substr(0, last.find("  rate "));
        const std::string bare = std::regex_replace(losses, std::regex(R"( \(-?[0-9.]+ dB\))"), "");
        CHECK(rows[table] == (losses.size() < static_cast<std::size_t>(columns) ? losses : bare));
        CHECK(rows_with(rows, "/4  loss ") == 1);
        CHECK(statistics(rows) == statistics(lines));
        for (const std::string& line : lines) {
            if (line.find(", step ") != std::string::npos) CHECK(row_of(rows, line) < table);
        }
        CHECK(row_of(rows, "finished   epoch 4 of 4") > table);
    }
}

TEST_CASE("on a terminal that becomes smaller the table does too, and Ctrl-C leaves it") {
    const Pictures pictures;
    TerminalProcess process(as_command(pictures.train({"--epochs", "100000", "--no-tune"})), 80, 24);
    process.read_until("moving mean and moving variance");
    process.resize(60, 12);
    process.read_until("moving statistics  smallest      mean   largest");
    process.resize(60, 3);
    const std::size_t begin = process.text().size();
    process.read_until("\x1b[1A", begin);
    process.resize(80, 24);
    process.read_until("moving mean and moving variance", begin);
    const std::size_t whole = process.text().rfind("moving mean and moving variance");
    // The next one is drawn over all its twelve rows.
    process.read_until("\x1b[12A", whole);
    process.type("\x03");
    CHECK(process.wait() == 130);
    const std::string text = process.text().substr(process.text().find("\x1b[12A", whole));
    const Rows rows = checked_rows(text, 80, 24);
    const std::string stopped = rows[row_of(rows, "stopped    after epoch ")];
    const std::string epoch = stopped.substr(22, stopped.find(' ', 22) - 22);
    CHECK_THAT(rows[row_of(rows, "  loss ")], ContainsSubstring(epoch + "/100000  loss "));
    CHECK(row_of(rows, "stopped    after epoch ") > row_of(rows, "  bn2 variance"));
}

TEST_CASE("on a terminal an error is told below the table, and a note above it") {
    const Pictures pictures;
    // The loss grows from epoch to epoch, until it is no number any more.
    TerminalProcess failing(as_command(pictures.train({"--no-tune", "--lr", "0.7", "--optimizer", "sgd",
                                                       "--norm", "none", "--no-residual"})),
                            80, 24);
    REQUIRE(failing.wait() == 1);
    Screen screen(80, 24);
    screen.write(failing.text());
    const Rows rows = screen.rows();
    CHECK(rows_with(rows, "learning rate 0.7  elapsed ") == 1);
    CHECK(row_of(rows, "learning rate 0.7  elapsed ") + 1 == row_of(rows, "shadenet: error: the loss is "));

    std::filesystem::remove_all(pictures / "run");
    TerminalProcess ended(validated(pictures, {"--epochs", "200", "--early-stop", "1"}), 80, 24);
    REQUIRE(ended.wait() == 0);
    const Rows noted = checked_rows(ended.text(), 80, 24);
    CHECK(row_of(noted, "shadenet: note: the run ends early") < row_of(noted, "  loss 0."));
}

TEST_CASE("with -v, and where a terminal takes no escapes, epochs are lines as in a log") {
    const Pictures log;
    const Outcome logged = Process(validated(log, {"--epochs", "3"})).wait();
    REQUIRE(logged.exit_code == 0);
    const Rows expected = epoch_rows(rows_of(logged.out));
    REQUIRE(rows_with(expected, "/3  loss ") == 3);
    for (const char* kind : {"dumb", "xterm"}) {
        INFO("TERM=" << kind);
        const Pictures pictures;
        const bool verbose = kind == std::string("xterm");
        TerminalProcess process(
            validated(pictures, verbose ? Arguments{"--epochs", "3", "-v"} : Arguments{"--epochs", "3"}), 120,
            24, {{"TERM", kind}});
        REQUIRE(process.wait() == 0);
        Screen screen(120, 24);
        screen.write(process.text());
        CHECK(epoch_rows(screen.rows()) == expected);
        CHECK((process.text().find('\x1b') != std::string::npos) == verbose);
    }
}

TEST_CASE("without a TERM, with an empty one and with that of a dumb terminal nothing is redrawn") {
    const Pictures pictures;
    pictures.made_model();
    // Colours, which NO_COLOR is about, are not used at all: the screen would throw.
    for (const char* kind : {"TERM=dumb", "TERM=", "-uTERM", "TERM=xterm"}) {
        INFO(kind);
        std::filesystem::remove_all(pictures / "out");
        Arguments command = as_command(pictures.apply("before", "out"));
        command.insert(command.begin(), {"/usr/bin/env", kind});
        TerminalProcess process(command, 80, 24);
        REQUIRE(process.wait() == 0);
        Screen screen(80, 24);
        screen.write(process.text());
        CHECK(rows_with(screen.rows(), "written    3 pictures") == 1);
        CHECK((process.text().find('\x1b') == std::string::npos) == (kind != std::string("TERM=xterm")));
    }
}
