// Two processes at one folder, one model or one result, and what is written in the place of something.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "catch.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// The same command as the first process of a namespace, as in a container; without what that needs the
/// command alone.
Arguments in_container(Arguments arguments) {
    const Arguments unshare = {"/usr/bin/unshare", geteuid() == 0 ? "-pf" : "-Urpf", "--kill-child"};
    Arguments attempt = unshare;
    attempt.emplace_back("/bin/true");
    Arguments command = as_command(std::move(arguments));
    if (!fs::exists(unshare.front()) || Process(attempt).wait().exit_code != 0) {
        WARN("no namespaces of processes here: tested with common processes");
        return command;
    }
    command.insert(command.begin(), unshare.begin(), unshare.end());
    return command;
}

}  // namespace

TEST_CASE("one process trains in a folder at a time, and the next is told who that is") {
    const Pictures pictures;
    const std::string model = pictures.path("run/model.safetensors");
    REQUIRE(run_shadenet(pictures.train({"--epochs", "1", "-q"})).exit_code == 0);
    const Arguments resume = pictures.train({"--epochs", "100000", "--resume", "-q"});
    Process first(in_container(resume));
    wait_until([&] { return fs::exists(pictures / "run/.shadenet.lock"); });

    const auto check_refused = [&](const Arguments& arguments, const std::string& advice) {
        const Outcome outcome = Process(in_container(arguments)).wait();
        CHECK(outcome.exit_code == 2);
        CHECK(error_lines(outcome) == 1);
        CHECK_THAT(outcome.err, ContainsSubstring("run: is being trained by process ") &&
                                    ContainsSubstring(" since 2") && ContainsSubstring(advice));
    };
    check_refused(resume, "wait for it to end");
    check_refused(pictures.train({"--epochs", "1", "-q"}), "or give another --output");
    check_refused({"adapt", model, "--input", pictures.path("before"), "--name", "night"},
                  "give an --output in another folder");
    // Those who only look are let in, and another folder is another's.
    CHECK(run_shadenet({"report", pictures.path("run")}).exit_code == 0);
    CHECK(run_shadenet({"stats", model, "--input", pictures.path("before"), "--write", "--output",
                        pictures.path("copy.safetensors")})
              .exit_code == 0);

    first.signal(SIGKILL);
    first.wait();
    CHECK(fs::exists(pictures / "run/.shadenet.lock"));
    // It counts for nobody as soon as the process has died with its container, and the next owner removes it.
    const Arguments adapt = {"adapt", model, "--input", pictures.path("before"), "--name", "night"};
    wait_until([&] { return run_shadenet(adapt).exit_code == 0; });
    CHECK_FALSE(fs::exists(pictures / "run/.shadenet.lock"));
}

TEST_CASE("stats --write and adapt keep a model's permissions, and write through a link") {
    const Pictures pictures;
    const std::string model = pictures.made_model();
    fs::permissions(model, fs::perms(0640));
    fs::create_symlink("made.safetensors", pictures / "link.safetensors");
    const std::string link = pictures.path("link.safetensors"), before = read_text(model);
    const std::string input = pictures.path("before");
    CHECK(run_shadenet({"stats", link, "--input", input, "--write"}).exit_code == 0);
    const std::string after = read_text(model);
    CHECK(after != before);
    CHECK(run_shadenet({"adapt", link, "--input", input, "--name", "night"}).exit_code == 0);
    CHECK(read_text(model) != after);
    CHECK(fs::is_symlink(link));
    CHECK(fs::status(model).permissions() == fs::perms(0640));
    CHECK(run_shadenet({"inspect", link}).out.find("night") != std::string::npos);
}

TEST_CASE("a result that is damaged, or none, is made anew by --resume") {
    const Pictures pictures;
    pictures.made_model();
    REQUIRE(run_shadenet(pictures.apply("before", "out")).exit_code == 0);
    const auto whole = contents(pictures / "out");
    const std::string name = whole.begin()->first;
    for (const std::string& content : {std::string(5000, '\0'), std::string("<html>Not found</html>")}) {
        std::ofstream(pictures / "out" / name, std::ios::binary) << content;
        const Outcome outcome = run_shadenet(pictures.apply("before", "out", {"--resume"}));
        CHECK(outcome.exit_code == 0);
        CHECK_THAT(outcome.err, ContainsSubstring("1 earlier result is damaged or of another size"));
        CHECK_THAT(outcome.out, ContainsSubstring("2 were there already"));
        CHECK(contents(pictures / "out") == whole);
    }
    const Outcome last = run_shadenet(pictures.apply("before", "out", {"--resume"}));
    CHECK_THAT(last.out, ContainsSubstring("3 were there already"));
}

TEST_CASE("unfinished files of other computers are left, and it is said how to remove them") {
    const Pictures pictures;
    pictures.made_model();
    fs::create_directory(pictures / "out");
    const std::string name = ".shadenet-0123456789ab-0123456789ab-0123456789abcdef0123456789abcdef.tmp";
    std::ofstream(pictures / "out" / name).put('x');
    const Outcome outcome = run_shadenet(pictures.apply("before", "out"));
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, ContainsSubstring("out: 1 unfinished file left, which another computer may be") &&
                                ContainsSubstring("out/.shadenet-*.tmp"));
    CHECK(fs::exists(pictures / "out" / name));
}

TEST_CASE("a cache that cannot be written is said once, and fails nothing") {
    const Pictures pictures;
    pictures.made_model();
    write_picture(pictures / "file", 3, 3, 1);
    const Outcome outcome =
        run_shadenet(pictures.apply("before", "out"), {{"XDG_CACHE_HOME", pictures.path("file")}});
    CHECK(outcome.exit_code == 0);
    const std::string said = "nothing is kept for the next start";
    const std::size_t first = outcome.err.find(said);
    CHECK(first != std::string::npos);
    CHECK(outcome.err.find(said, first + 1) == std::string::npos);
}
