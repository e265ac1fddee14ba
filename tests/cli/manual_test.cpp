// The man page and the completions: all that help lists is in them, and the programs that read them do.
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "catch.h"
#include "process.h"

using namespace shadenet::test;

namespace {

std::string manual_form(const std::string& form) {
    const Outcome outcome = run_shadenet({"manual", form});
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
    return outcome.out;
}

/// The first words of help's lines below that title.
std::vector<std::string> listed(const std::string& help, const std::string& title) {
    std::vector<std::string> words;
    std::istringstream lines(help.substr(help.find(title)));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line) && !line.empty()) {
        if (line.starts_with("  ") && line[2] != ' ') words.push_back(line.substr(2, line.find(' ', 2) - 2));
    }
    return words;
}

bool has_program(const std::string& name) {
    return Process({"/bin/sh", "-c", "command -v " + name}).wait().exit_code == 0;
}

}  // namespace

TEST_CASE("the man page and the completions have every command and flag that help lists") {
    const std::string man = manual_form("man"), bash = manual_form("bash"), zsh = manual_form("zsh"),
                      fish = manual_form("fish");
    const std::vector<std::string> commands = listed(run_shadenet({"--help"}).out, "Commands:");
    REQUIRE(commands.size() > 10);
    for (const std::string& command : commands) {
        CHECK_THAT(man, ContainsSubstring("\n.SS " + command + "\n"));
        CHECK_THAT(fish, ContainsSubstring(" -a " + command + " "));
        CHECK_THAT(zsh, ContainsSubstring("        '" + command + ":"));
        CHECK_THAT(bash, ContainsSubstring("        " + command + ") words='"));
    }
    CHECK_THAT(man, !ContainsSubstring(".SS manual"));
    for (const char* flag : {"--padding", "--epochs", "--no-tune", "--flip"}) {
        CHECK_THAT(bash, ContainsSubstring(std::string(" ") + flag + " "));
        CHECK_THAT(zsh, ContainsSubstring(std::string("'*") + flag + "["));
        CHECK_THAT(fish, ContainsSubstring(std::string(" -l ") + (flag + 2) + " "));
    }
    CHECK_THAT(man, ContainsSubstring(".TP\n\\fB\\-\\-epochs\\fR \\fIN\\fR\n"));
}

TEST_CASE("man reads the page without a complaint, and shells what they complete by") {
    const TemporaryFolder folder;
    const auto file = [&](const std::string& form) {
        shadenet::write_file_atomically(folder / form, manual_form(form));
        return (folder / form).string();
    };
    const std::string man = file("man");
    if (has_program("groff")) {
        const Outcome read =
            Process({"/usr/bin/env", "groff", "-man", "-ww", "-Tutf8", "-z", "-rCHECKSTYLE=3", man}).wait();
        CHECK(read.exit_code == 0);
        CHECK(read.err == "");
    }
    if (has_program("mandoc"))
        CHECK(Process({"/usr/bin/env", "mandoc", "-Tlint", "-Wwarning", man}).wait().out == "");
    if (has_program("zsh")) CHECK(Process({"/usr/bin/env", "zsh", "-n", file("zsh")}).wait().err == "");
    if (has_program("fish")) {
        CHECK(Process({"/usr/bin/env", "fish", "-n", file("fish")}).wait().err == "");
        const std::string ask = fmt::format("source {}; complete -C 'shadenet export --ov'", file("fish"));
        const Outcome told =
            Process({"/usr/bin/env", "fish", "-c", ask}, {{"HOME", folder.path().string()}}).wait();
        CHECK(told.out == "--overwrite\treplace what is there\n");
    }
    const auto completed = [&](const std::string& words, int at) {
        const Outcome outcome =
            Process({"/usr/bin/env", "bash", "-c",
                     fmt::format(
                         "source {}; COMP_WORDS=({}) COMP_CWORD={}; _shadenet; echo \"${{COMPREPLY[*]}}\"",
                         file("bash"), words, at)})
                .wait();
        CHECK(outcome.err == "");
        return outcome.out;
    };
    CHECK(completed("shadenet exp", 1) == "export\n");
    CHECK(completed("shadenet export --ov", 2) == "--overwrite\n");
    CHECK(completed("shadenet train --input photos --tar", 4) == "--target\n");
    CHECK(completed("shadenet apply photo", 2) == "\n");  // files, by the shell itself
}

TEST_CASE("a form that the manual has not is refused") {
    const Outcome outcome = run_shadenet({"manual", "pdf"});
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err,
               ContainsSubstring("\"pdf\" is no form of the manual; use man, bash, zsh or fish"));
}
