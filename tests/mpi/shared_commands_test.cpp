// check on several ranks: what one process would say and write.
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "catch.h"
#include "cli/pictures.h"
#include "ranks.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// What a command says, writes and ends with.
struct LeftBehind {
    int exit_code = -1;
    std::string out;
    std::map<std::string, std::string> files;
    bool operator==(const LeftBehind&) const = default;
};

}  // namespace

TEST_CASE("ranks that share pairs say, write and end with what one process does") {
    const Pictures pictures;
    for (int i = 0; i < 4; ++i) {
        for (const char* folder : {"before", "after"})
            write_picture(pictures / folder / fmt::format("more{}.png", i), 40, 30, 10 + i);
    }
    // Of three ranks rank 1 has the second, and both of two ranks have some.
    fs::resize_file(pictures / "before/more1.png", 100);
    fs::resize_file(pictures / "after/more2.png", 100);
    const auto left_by_ranks = [&](std::uint32_t ranks) {
        fs::create_directory(pictures / "made");
        const Outcome outcome =
            run_ranks(on_ranks(ranks, {"check", "-i", pictures.path("before"), "--target",
                                       pictures.path("after"), "--html", pictures.path("made/sheet.html")}));
        CHECK_THAT(outcome.err, !ContainsSubstring("shadenet: "));
        LeftBehind left{outcome.exit_code, outcome.out, contents(pictures / "made")};
        fs::remove_all(pictures / "made");
        return left;
    };
    const LeftBehind one = left_by_ranks(1);
    CHECK(one.exit_code == 1);
    CHECK(one.files.at("sheet.html").size() > 1000);
    CHECK_THAT(one.out, ContainsSubstring("in 2 of 7 pairs a picture cannot be read"));
    for (const std::uint32_t ranks : {2u, 3u}) CHECK((left_by_ranks(ranks) == one));

    const Outcome refused = run_ranks(
        on_ranks(2, {"check", "-i", pictures.path("before"), "--target", pictures.path("nowhere")}));
    CHECK(refused.exit_code == 2);
    CHECK(count_of(refused.err, "shadenet: error: ") == 1);
}
