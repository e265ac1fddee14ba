// Pictures that `shadenet train` refuses, and unusual ones that it takes.
#include "catch.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

void write_text(const fs::path& path, const std::string& text) {
    write_bytes(path, Bytes(text.begin(), text.end()));
}

}  // namespace

TEST_CASE("folders that cannot be trained on are refused, and nothing is left behind") {
    const Pictures pictures;
    const auto check = [&](const std::string& part) {
        CHECK(unlike_refusal(pictures, pictures.train(), part) == "");
    };
    const fs::path bad = pictures / "before" / "p1.png";
    SECTION("no such folder") {
        fs::remove_all(pictures / "before");
        check("before: no such folder");
    }
    SECTION("empty folder") {
        fs::remove_all(pictures / "after");
        fs::create_directory(pictures / "after");
        check("after: holds no picture");
    }
    SECTION("unpaired file") {
        write_picture(pictures / "before" / "lonely.png", 24, 18, 9);
        check("lonely");
    }
    SECTION("truncated PNG") {
        fs::resize_file(bad, fs::file_size(bad) / 2);
        check("p1.png: is truncated");
    }
    SECTION("zero-byte PNG") {
        fs::resize_file(bad, 0);
        check("p1.png");
    }
    SECTION("text named .png") {
        write_text(bad, "I am no picture.\n");
        check("p1.png");
    }
    SECTION("unequal sizes") {
        write_picture(bad, 25, 18, 1);
        write_picture(pictures / "after" / "p1.png", 25, 18, 1);
        check("25x18");
    }
    SECTION("a test folder that is not there") {
        CHECK(unlike_refusal(pictures, pictures.train({"--test", pictures.path("nowhere")}), "nowhere") ==
              "");
    }
    SECTION("an output below a file") {
        Arguments arguments = pictures.train();
        arguments[6] = pictures.path("more/wide.png/run");
        CHECK(unlike_refusal(pictures, arguments, "more/wide.png") == "");
    }
    SECTION("a model to begin with that is not there, or has another architecture") {
        CHECK(unlike_refusal(pictures, pictures.train({"--init", pictures.path("no.safetensors")}),
                             "no.safetensors") == "");
        const std::string model = pictures.made_model();
        CHECK(unlike_refusal(pictures, pictures.train({"--hidden", "9", "--init", model}), model) == "");
    }
}

TEST_CASE("crops are learned from pictures of unequal sizes, by the same seed the same") {
    const Pictures pictures;
    write_picture(pictures / "before" / "tall.png", 11, 40, 5);
    write_grey_picture(pictures / "after" / "tall.png", 11, 40, 5);
    const auto trained = [&](const std::string& run, const Arguments& more) {
        Arguments arguments = {"train",
                               "--input",
                               pictures.path("before"),
                               "--target",
                               pictures.path("after"),
                               "--output",
                               pictures.path(run),
                               "--classic",
                               "--resize=false",
                               "--size",
                               "12",
                               "--crops",
                               "3",
                               "--batch",
                               "4",
                               "--hidden",
                               "2",
                               "--no-tune"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Outcome outcome = run_shadenet(arguments);
        REQUIRE(outcome.exit_code == 0);
        return outcome;
    };
    const Outcome flipped = trained("flipped", {"--epochs", "4", "--flip"});
    CHECK_THAT(flipped.out, ContainsSubstring("4 pairs, 3 crops of 11 x 11 of each, half of them mirrored"));
    CHECK_THAT(flipped.out, ContainsSubstring("4 epochs of 3 steps"));
    CHECK_THAT(flipped.err, ContainsSubstring("crops are 11x11 in place of 12x12, because "));
    CHECK_THAT(flipped.err, ContainsSubstring("tall.png is 11x40"));
    trained("again", {"--epochs", "2", "--flip"});
    const Outcome resumed =
        run_shadenet({"train", "--resume", "--output", pictures.path("again"), "--epochs", "4"});
    REQUIRE(resumed.exit_code == 0);
    const auto model = [&](const std::string& run) {
        return contents(pictures / run).at("model.safetensors");
    };
    CHECK(model("flipped") == model("again"));
    trained("upright", {"--epochs", "4"});
    CHECK(model("flipped") != model("upright"));
    const Arguments other = {"train",    "--resume", "--output", pictures.path("again"),
                             "--epochs", "5",        "--crops",  "4"};
    CHECK(unlike_refusal(pictures, other, "crops 3, and now it is 4") == "");
}

TEST_CASE("options of crops without any crops are refused") {
    const Pictures pictures;
    CHECK(unlike_refusal(
              pictures, pictures.train({"--crops", "2"}),
              "--crops is about crops, and --size 0 takes whole pictures; leave one of the two out") == "");
    CHECK(unlike_refusal(pictures,
                         {"train", "--input", pictures.path("before"), "--target", pictures.path("after"),
                          "--output", pictures.path("run"), "--resize", "--flip"},
                         "--flip is about crops, and --resize resizes pictures") == "");
}

TEST_CASE("16-bit, grey, palette, alpha and one-pixel pictures train and are filtered") {
    struct Kind {
        const char* name;
        Bytes png;
        const char* note;
    };
    const Bytes rgb(std::size_t{3} * 5 * 3, 77);
    const Kind kinds[] = {
        {"16 bits", encode_png(5, 3, PngColour::rgb, 16, Bytes(std::size_t{6} * 5 * 3, 90)), "16-bit"},
        {"grey", encode_png(5, 3, PngColour::grey, 8, Bytes(std::size_t{5} * 3, 50)), "grey"},
        {"palette",
         encode_png(5, 3, PngColour::palette, 8, Bytes(std::size_t{5} * 3, 1), {0, 0, 0, 9, 99, 199}),
         "palette"},
        {"alpha", encode_png(5, 3, PngColour::rgb_alpha, 8, Bytes(std::size_t{4} * 5 * 3, 60)), "alpha"},
        {"one pixel", encode_png(1, 1, PngColour::rgb, 8, Bytes{1, 2, 3}), "1 pixel wide"},
        {"one column", encode_png(1, 5, PngColour::rgb, 8, Bytes(std::size_t{3} * 5, 8)), "1 pixel wide"},
    };
    const Pictures pictures;
    for (const Kind& kind : kinds) {
        INFO(kind.name);
        for (const char* folder : {"before", "after", "run", "out"}) fs::remove_all(pictures / folder);
        for (const char* folder : {"before", "after"}) {
            fs::create_directory(pictures / folder);
            for (const char* name : {"a.png", "b.png"}) write_bytes(pictures / folder / name, kind.png);
        }
        const Outcome trained = run_shadenet(pictures.train({"--epochs", "2"}));
        CHECK(trained.exit_code == 0);
        CHECK_THAT(trained.err, ContainsSubstring(kind.note));
        const Outcome applied =
            run_shadenet({"apply", "--model", pictures.path("run/model.safetensors"), "--input",
                          pictures.path("before"), "--output", pictures.path("out")});
        CHECK(applied.exit_code == 0);
        CHECK(fs::exists(pictures / "out/b.png"));
        // The results are of the same kind, so that there is nothing to note.
        CHECK(applied.err.find("shadenet: note:") == std::string::npos);
    }
}

TEST_CASE("pictures of other formats in the folders of a run are said, a line for each folder") {
    const Pictures pictures;
    write_bytes(pictures / "before/x.heic", Bytes{1});
    write_bytes(pictures / "after/x.heic", Bytes{1});
    write_bytes(pictures / "more/y.NEF", Bytes{1});
    const Outcome trained =
        run_shadenet(pictures.train({"--epochs", "1", "--test", pictures.path("more"), "--no-tune"}));
    CHECK(trained.exit_code == 0);
    for (const char* part :
         {"before: not taken: 1 .heic", "after: not taken: 1 .heic", "more: not taken: 1 .nef"}) {
        CHECK_THAT(trained.err, ContainsSubstring(part));
    }
    const Outcome measured =
        run_shadenet({"stats", pictures.path("run/model.safetensors"), "-i", pictures.path("before")});
    CHECK(measured.exit_code == 0);
    CHECK_THAT(measured.err, ContainsSubstring("before: not taken: 1 .heic"));
}
