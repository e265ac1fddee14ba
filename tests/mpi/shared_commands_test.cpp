// check, classify and stats on several ranks: what one process would say and write.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include <fmt/format.h>

#include "catch.h"
#include "cli/classifier.h"
#include "cli/pictures.h"
#include "labelled_set.h"
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

/// With "made/" in the folder as the place of all files.
LeftBehind left_by_ranks(std::uint32_t ranks, const fs::path& folder, const Arguments& arguments) {
    fs::create_directory(folder / "made");
    const Outcome outcome = run_ranks(on_ranks(ranks, arguments));
    LeftBehind left{outcome.exit_code, outcome.out, contents(folder / "made")};
    fs::remove_all(folder / "made");
    return left;
}

Arguments with(Arguments arguments, const Arguments& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

/// Refused by one line with this part, and with nothing in "made/" but an empty summary.
void check_refused(const Arguments& command, const fs::path& folder, const std::string& part) {
    fs::create_directory(folder / "made");
    const Outcome outcome = run_ranks(command);
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code == 2);
    CHECK(count_of(outcome.err, "shadenet: error: ") == 1);
    CHECK_THAT(outcome.err, ContainsSubstring(part));
    for (const auto& [name, bytes] : contents(folder / "made")) CHECK(bytes.empty());
    CHECK_FALSE(fs::exists(folder / "made/sorted"));
    fs::remove_all(folder / "made");
}

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
    const Arguments check = {"check",
                             "-i",
                             pictures.path("before"),
                             "--target",
                             pictures.path("after"),
                             "--html",
                             pictures.path("made/sheet.html")};
    const LeftBehind one = left_by_ranks(1, pictures / "", check);
    CHECK(one.exit_code == 1);
    CHECK(one.files.at("sheet.html").size() > 1000);
    CHECK_THAT(one.out, ContainsSubstring("in 2 of 7 pairs a picture cannot be read"));
    for (const std::uint32_t ranks : {2u, 3u}) CHECK((left_by_ranks(ranks, pictures / "", check) == one));
}

TEST_CASE("ranks that classify pictures sort them and write the table of one process") {
    const HalvesScene scene;
    for (const int i : {1, 2, 3, 4, 5, 6, 7, 8}) {
        const auto level = static_cast<std::uint8_t>(25 * i);
        write_halves(scene / fmt::format("in/{}.png", i), i % 2 == 0 ? level : 9, i % 2 == 0 ? 7 : level);
    }
    for (const char* name : {"in/2.png", "in/5.png", "in/7.png"}) fs::resize_file(scene / name, 40);
    const Arguments classify =
        scene.arguments({"--into", scene.path("made/sorted"), "--csv", scene.path("made/table.csv"), "-q"});
    const LeftBehind one = left_by_ranks(1, scene / "", classify);
    CHECK(one.exit_code == 1);
    CHECK(one.out.empty());
    CHECK(one.files.contains("sorted/left/8.png"));
    CHECK(count_of(one.files.at("table.csv"), ",classified,") == 8);
    CHECK(count_of(one.files.at("table.csv"), ",failed,") == 3);
    for (const std::uint32_t ranks : {2u, 3u}) CHECK((left_by_ranks(ranks, scene / "", classify) == one));

    const Outcome told = run_ranks(on_ranks(2, scene.arguments({})));
    INFO(told.out << told.err);
    CHECK(count_of(told.out, ", then ") == 8);
    CHECK_THAT(told.out, ContainsSubstring("classified 8 pictures in ") &&
                             ContainsSubstring("\n           rank 1 on "));
    CHECK(count_of(told.err, "shadenet: error: ") == 3);
    CHECK_THAT(told.err, ContainsSubstring("3 of 11 pictures could not be classified"));

    check_refused(on_ranks(2, with(classify, {"--shard", "1/2"})), scene / "", "--shard 1/2: 2 ranks share");
    check_refused(and_on_ranks(on_ranks(1, classify), 1, with(classify, {"--device", "no such device"})),
                  scene / "", "shadenet: error: rank 1 on ");
}

TEST_CASE("ranks that answer labelled pictures tell what one process does") {
    const TemporaryFolder folder;
    Model model = left_right_model(1);
    model.classes.names = {"0", "1", "2"};
    write_model(folder / "model.safetensors", model);
    write_part(folder / "data", "train", labelled_set(3, 4, 8, 3));
    write_part(folder / "data", "t10k", labelled_set(31, 4, 8, 3, 2));
    const auto path = [&](const char* name) { return (folder / name).string(); };
    const Arguments classify = {
        "classify", "-m",    path("model.safetensors"), "--data",    path("data"),
        "-q",       "--csv", path("made/table.csv"),    "--summary", path("made/lines")};
    const LeftBehind one = left_by_ranks(1, folder.path(), classify);
    CHECK(one.exit_code == 0);
    CHECK_THAT(one.out, ContainsSubstring("% of 31 "));
    CHECK(count_of(one.files.at("table.csv"), ",classified,") == 31);
    CHECK(count_of(one.files.at("lines"), "\n") == 31);
    for (const std::uint32_t ranks : {2u, 3u}) CHECK((left_by_ranks(ranks, folder.path(), classify) == one));
    check_refused(and_on_ranks(on_ranks(1, classify), 1, with(classify, {"--device", "no such device"})),
                  folder.path(), "shadenet: error: rank 1 on ");

    check_refused(on_ranks(2, with(classify, {"--into", path("made/sorted")})), folder.path(), "--into");

    // As on two machines: the path leads into the folder that the rank was begun in.
    write_part(folder / "other/data", "train", labelled_set(3, 4, 8, 3));
    const Arguments of_own_disk = {"classify", "-m",    path("model.safetensors"), "--data", "data",
                                   "-q",       "--csv", path("made/table.csv")};
    LabelledPictures relabelled = labelled_set(31, 4, 8, 3, 2);
    std::ranges::reverse(relabelled.labels);
    for (const LabelledPictures& other : {labelled_set(31, 4, 8, 3, 7), relabelled}) {
        write_part(folder / "other/data", "t10k", other);
        check_refused(on_these_ranks({{{"env", "-C", folder.path().string()}, of_own_disk},
                                      {{"env", "-C", path("other")}, of_own_disk}}),
                      folder.path(),
                      "data: holds other pictures than those of rank 0; give all ranks the same");
    }
}

TEST_CASE("ranks that measure statistics write those of one process") {
    const Pictures pictures;
    pictures.made_model();
    for (int i = 0; i < 4; ++i) {
        write_picture(pictures / fmt::format("before/more{}.png", i), 40 + 9 * static_cast<unsigned>(i), 30,
                      i);
    }
    // Of two ranks the second has it, and of three the first.
    fs::resize_file(pictures / "before/more3.png", 100);
    const Arguments stats = {
        "stats", pictures.path("made.safetensors"),    "-i", pictures.path("before"), "-q", "--write",
        "-o",    pictures.path("made/new.safetensors")};
    const LeftBehind one = left_by_ranks(1, pictures / "", stats);
    CHECK(one.exit_code == 0);
    CHECK_THAT(one.out, ContainsSubstring("measured   6 pictures, "));
    CHECK(one.files.at("new.safetensors") != read_text(pictures / "made.safetensors"));
    for (const std::uint32_t ranks : {2u, 3u}) CHECK((left_by_ranks(ranks, pictures / "", stats) == one));
}

TEST_CASE("ranks that measure a classifier's statistics write those of one process") {
    const TemporaryFolder folder;
    Model model = left_right_model();
    model.network = parse_network("input 1x4x8, dense 400, norm, relu, dense 3", "");
    model.parameters = initial_parameters(model.network, 1);
    model.classes.names = {"0", "1", "2"};
    write_model(folder / "model.safetensors", model);
    // Three batches, and the last is smaller.
    write_part(folder / "data", "train", labelled_set(12'000, 4, 8, 3));
    const auto path = [&](const char* name) { return (folder / name).string(); };
    const Arguments adapt = {"adapt", path("model.safetensors"),   "-i", path("data"), "-q", "--name", "x",
                             "-o",    path("made/new.safetensors")};
    const LeftBehind one = left_by_ranks(1, folder.path(), adapt);
    CHECK(one.exit_code == 0);
    CHECK_THAT(one.out, ContainsSubstring("measured   12000 pictures, "));
    CHECK(one.files.at("new.safetensors").size() > read_text(folder / "model.safetensors").size());
    CHECK((left_by_ranks(2, folder.path(), adapt) == one));
}
