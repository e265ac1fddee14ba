// shadenet check, and what every command calls the same.
#include <regex>
#include <sstream>

#include "catch.h"
#include "image/made_icc.h"
#include "pairs/pair_scene.h"
#include "pictures.h"
#include "places.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Sample pictures in in/, and in out/ their negatives, of which one is shifted where asked.
void write_samples(const Pictures& pictures, bool shift) {
    for (const char* name : {"in", "out"}) std::filesystem::create_directory(pictures / name);
    const std::vector<Sample> all = sample_pictures();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Image target = negative(all[i].image);
        write_png(pictures / "in" / (all[i].name + ".png"), all[i].image);
        write_png(pictures / "out" / (all[i].name + ".png"),
                  shift && i == 2 ? shifted(target, 0, 6) : target);
    }
}

Arguments check_of(const Pictures& pictures, const Arguments& more = {}) {
    Arguments arguments = {"check", "-i", pictures.path("in"), "--target", pictures.path("out")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

}  // namespace

TEST_CASE("pairs in order end with 0, and the sample pairs are") {
    for (const char* targets : {"grey", "sharpen", "warm"}) {
        const std::string assets = source_folder() + "/assets/pairs/";
        const Outcome outcome =
            run_shadenet({"check", "--input", assets + "input", "--target", assets + targets});
        CHECK(outcome.exit_code == 0);
        CHECK(outcome.out == "checked    7 pairs: nothing found\n");
        CHECK(outcome.err.empty());
    }
}

TEST_CASE("a fault ends with 1, and stands in words and in a page") {
    const Pictures pictures;
    write_samples(pictures, true);
    const Outcome outcome = run_shadenet(check_of(pictures, {"--html", pictures.path("sheet.html")}));
    CHECK(outcome.exit_code == 1);
    CHECK_THAT(outcome.out, ContainsSubstring("7 pairs: 1 fault, 0 warnings, 0 notes") &&
                                ContainsSubstring("6.0 pixels down: flowers") &&
                                ContainsSubstring("let `train --align`"));
    CHECK_THAT(read_text(pictures / "sheet.html"), ContainsSubstring("flowers: <b>shifted</b>"));
    CHECK(run_shadenet(check_of(pictures, {"--html", pictures.path("sheet.html")})).exit_code == 2);
}

TEST_CASE("a note alone ends with 0, and a bad picture is a fault that stops nothing") {
    const Pictures pictures;
    const Outcome small =
        run_shadenet({"check", "-i", pictures.path("before"), "--target", pictures.path("after"), "-q"});
    CHECK(small.exit_code == 0);
    CHECK_THAT(small.out, ContainsSubstring("fewer than 64 pixels"));
    write_samples(pictures, false);
    std::filesystem::resize_file(pictures / "out/fog.png", 100);
    const Outcome bad = run_shadenet(check_of(pictures));
    CHECK(bad.exit_code == 1);
    CHECK_THAT(bad.out, ContainsSubstring("cannot be read: ") && ContainsSubstring("fog.png: is truncated"));
}

TEST_CASE("a name with a line end in it stays on its line") {
    const Pictures pictures;
    write_samples(pictures, false);
    for (const char* folder : {"in/", "out/"}) {
        std::filesystem::copy_file(pictures / "in/fog.png",
                                   pictures / (std::string(folder) + "two\nlines.png"));
    }
    CHECK_THAT(run_shadenet(check_of(pictures)).out, ContainsSubstring("in every pixel: two\\nlines"));
}

TEST_CASE("colour profiles that differ are told") {
    const Pictures pictures;
    write_samples(pictures, false);
    FilePicture picture = PictureReader(pictures / "out/fog.png").decode();
    picture.metadata.icc = wide_profile("Wide");
    shadenet::write_picture(pictures / "out/fog.png", picture, {});
    const Outcome outcome = run_shadenet(check_of(pictures));
    CHECK(outcome.exit_code == 1);
    CHECK_THAT(outcome.out, ContainsSubstring("1 pair is in other colours before and after"));
}

TEST_CASE("train moves targets where it is asked to, and warns where it is not") {
    const Pictures pictures;
    write_samples(pictures, true);
    const auto train = [&](const std::string& output, const Arguments& more) {
        Arguments arguments = {"train",
                               "-i",
                               pictures.path("in"),
                               "--target",
                               pictures.path("out"),
                               "-o",
                               pictures.path(output),
                               "--size",
                               "64",
                               "--epochs",
                               "1",
                               "--no-tune",
                               "--hidden",
                               "2"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_shadenet(arguments);
    };
    const Outcome plain = train("plain", {});
    CHECK(plain.exit_code == 0);
    CHECK_THAT(plain.err, ContainsSubstring("`shadenet check` tells and shows what is wrong"));
    const Outcome aligned = train("aligned", {"--align"});
    CHECK(aligned.exit_code == 0);
    CHECK_THAT(aligned.err, ContainsSubstring("--align moved 1 of 7 targets, as flowers by 6.0 pixels up;"));
    CHECK_THAT(aligned.err, !ContainsSubstring("shadenet check"));
    CHECK_THAT(read_text(pictures / "aligned/config.json"), ContainsSubstring("\"align\": true"));
    CHECK_THAT(read_text(pictures / "plain/config.json"), !ContainsSubstring("\"align\""));
}

TEST_CASE("flags: -i, -o, -m and -q mean the same in every command, and all have -q") {
    const std::pair<const char*, const char*> letters[] = {
        {"-i", "--input"}, {"-o", "--output"}, {"-m", "--model"}, {"-q", "--quiet"}};
    for (const char* command : {"train", "check", "study", "apply", "stats", "adapt", "report", "inspect",
                                "devices", "doctor", "bench"}) {
        INFO(command);
        const std::string help = run_shadenet({command, "--help"}).out;
        for (const auto& [letter, name] : letters) {
            const bool has_name =
                std::regex_search(help, std::regex(std::string("\n[^\n]*") + name + "[ \n]"));
            const std::string both = std::string(letter) + "," + name;
            CHECK((help.find(both) != help.npos) == has_name);
            CHECK(std::regex_search(help, std::regex(std::string("\n  ") + letter + "[, ]")) == has_name);
        }
        CHECK_THAT(help, ContainsSubstring("-q,--quiet"));
    }
}

TEST_CASE("a model is taken by its place and by its flag, and once") {
    const Pictures pictures;
    const std::string model = pictures.made_model();
    const Outcome placed = run_shadenet({"inspect", model}), named = run_shadenet({"inspect", "-m", model});
    CHECK(placed.exit_code == 0);
    CHECK(named.out == placed.out);
    CHECK(run_shadenet({"stats", "--model", model, "-i", pictures.path("more"), "-q"}).exit_code == 0);
    CHECK(run_shadenet({"inspect", model, "-m", model}).exit_code == 2);
}
