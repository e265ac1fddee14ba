// Pictures through standard input and standard output.
#include <filesystem>

#include "catch.h"
#include "classifier.h"
#include "pictures.h"
#include "places.h"
#include "terminal_process.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

class StreamScene : public Pictures {
  public:
    StreamScene() {
        made_model();
        write_bytes(*this / "photo.jpg", encode_jpeg(40, 24, {192, 20, 60}));
    }
    /// A line for a shell in the folder, whose `apply` has the model.
    Outcome shell(const std::string& line) const {
        return Process({"/usr/bin/env", "-C", path("."), "SHADENET=" + shadenet_program(), "/bin/sh", "-c",
                        "apply() { \"$SHADENET\" apply -m made.safetensors \"$@\"; }\n" + line})
            .wait();
    }
};

}  // namespace

TEST_CASE("a picture through pipes is the picture that files would have, and all text goes elsewhere") {
    const StreamScene scene;
    const Outcome outcome = scene.shell(
        "apply -q -i more/wide.png -o wide.png && apply -q -i photo.jpg -o photo_2.jpg && "
        "apply -q -i photo.jpg -o photo.webp && "
        "cat more/wide.png | apply -i - -o - --summary lines | cat >a.png && "
        "apply -q -i - -o b.jpg <photo.jpg && apply -q -i more/wide.png -o - >c && "
        "apply -q -i - -o - -f webp <photo.jpg >d");
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(outcome.out.empty());
    const std::string wide = read_text(scene / "wide.png");
    CHECK(read_text(scene / "a.png") == wide);
    CHECK(read_text(scene / "b.jpg") == read_text(scene / "photo_2.jpg"));
    CHECK(read_text(scene / "c") == wide);
    CHECK(read_text(scene / "d") == read_text(scene / "photo.webp"));
    CHECK_THAT(outcome.err, ContainsSubstring("standard input -> standard output  31 x 7, ") &&
                                ContainsSubstring("written    1 picture in"));
    CHECK_THAT(read_text(scene / "lines"), ContainsSubstring("\"output\":\"standard output\"") &&
                                               ContainsSubstring("\"status\":\"written\""));
}

TEST_CASE("nothing goes to standard output when the picture fails") {
    const StreamScene scene;
    write_bytes(scene / "clear.png", encode_png(1, 1, PngColour::rgb_alpha, 8, {1, 2, 3, 4}));
    const Outcome damaged = scene.shell(
        "LC_ALL=C sed s/IDAT/IDOT/ more/wide.png | apply -i - -o - >a; echo $? >code; "
        "head -c 60 more/wide.png | apply -i - -o - >>a; echo $? >>code; "
        ": | apply -i - -o - >>a; echo $? >>code; echo hello | apply -i - -o - >>a; echo $? >>code; "
        "apply -i - -o - -f jpg <clear.png >>a; echo $? >>code");
    INFO(damaged.err);
    CHECK(read_text(scene / "a").empty());
    CHECK(read_text(scene / "code") == "2\n2\n2\n2\n1\n");
    CHECK(error_lines(damaged) == 5);
    for (const char* part :
         {": standard input: is damaged (", ": standard input: is truncated", ": standard input: is empty",
          ": standard input: is a text, not a picture", ": standard output: is partly transparent"}) {
        CHECK_THAT(damaged.err, ContainsSubstring(part));
    }
}

TEST_CASE("a reader that goes, and a disk that is full, are one line") {
    const StreamScene scene;
    const Outcome gone = scene.shell("{ apply -i more/wide.png -o -; echo $? >code; } | true");
    CHECK(error_lines(gone) == 1);
    CHECK(read_text(scene / "code") == "1\n");
    CHECK_THAT(gone.err, ContainsSubstring("error: standard output: who reads it has gone"));
    const Outcome closed = scene.shell("apply -i more/wide.png -o - >&-");
    CHECK(closed.exit_code == 1);
    CHECK(error_lines(closed) == 1);
    CHECK_THAT(closed.err, ContainsSubstring("error: standard output: cannot write: Bad file descriptor"));
    if (!fs::exists("/dev/full")) return;
    const Outcome full = scene.shell("apply -i more/wide.png -o - >/dev/full");
    CHECK(full.exit_code == 1);
    CHECK(error_lines(full) == 1);
    CHECK_THAT(full.err, ContainsSubstring("error: standard output: cannot write: No space left on device"));
}

TEST_CASE("a terminal is no place for a picture, and brings none") {
    const StreamScene scene;
    const std::string picture = scene.path("more/wide.png");
    const Arguments flags = {"apply", "-m", scene.path("made.safetensors"), "-i"};
    const auto with = [&](const Arguments& more) {
        Arguments all = flags;
        all.insert(all.end(), more.begin(), more.end());
        return as_command(all);
    };
    TerminalProcess to(with({picture, "-o", "-"}), 80, 24);
    CHECK(to.wait() == 2);
    CHECK_THAT(to.text(), ContainsSubstring("standard output: is a terminal"));
    TerminalProcess from(with({"-", "-o", scene.path("a.png")}), 80, 24);
    CHECK(from.wait() == 2);
    CHECK_THAT(from.text(), ContainsSubstring("standard input: is a terminal"));
}

TEST_CASE("classify tells the class of what standard input brings") {
    const HalvesScene scene;
    const Outcome outcome =
        Process({"/bin/sh", "-c", "\"$0\" classify -m \"$1\" -i - --csv \"$2\" <\"$3\"", shadenet_program(),
                 scene.path("model.safetensors"), scene.path("t.csv"), scene.path("in/l.png")})
            .wait();
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, ContainsSubstring("standard input: left 100.00 %"));
    CHECK_THAT(read_text(scene / "t.csv"), ContainsSubstring("standard input,,classified,left,"));
}
