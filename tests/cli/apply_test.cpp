// shadenet apply and inspect, and the model files that they refuse.
#include <algorithm>

#include "catch.h"
#include "image/image.h"
#include "model/model_file.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

Arguments apply(const std::string& model, const std::string& input, const std::string& output) {
    return {"apply", "--model", model, "--input", input, "--output", output};
}

/// A safetensors file of this header, which claims to be `length` bytes long, and 64 bytes of zeros.
Bytes raw_model(const std::string& header, std::uint64_t length) {
    Bytes bytes;
    for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
    bytes.insert(bytes.end(), header.begin(), header.end());
    bytes.insert(bytes.end(), 64, 0);
    return bytes;
}

}  // namespace

TEST_CASE("apply filters a picture of any size, and a folder") {
    const Pictures pictures;
    const std::string model = pictures.trained_model();
    const Outcome one = run_shadenet(apply(model, pictures.path("more/wide.png"), pictures.path("one.png")));
    REQUIRE(one.exit_code == 0);
    CHECK(shadenet::image_size(pictures / "one.png") == std::pair(31u, 7u));

    const Outcome folder = run_shadenet(apply(model, pictures.path("before"), pictures.path("deep/out")));
    REQUIRE(folder.exit_code == 0);
    CHECK_THAT(folder.out, ContainsSubstring("3 pictures in") && ContainsSubstring("memory"));
    for (const char* name : {"p0.png", "p1.png", "p2.png"}) {
        // A full batch of the same pictures: what training drew in the end is what the model draws.
        const std::string after = std::string("run/images/after_") + name;
        CHECK(shadenet::read_image(pictures / "deep/out" / name).image.values ==
              shadenet::read_image(pictures / after).image.values);
    }
    const Outcome into =
        run_shadenet(apply(model, pictures.path("more/wide.png"), pictures.path("more/../before")));
    CHECK(into.exit_code == 0);
    CHECK(read_text(pictures / "before/wide.png") == read_text(pictures / "one.png"));
    CHECK(run_shadenet(apply(pictures.path("run/checkpoint.safetensors"), pictures.path("more/wide.png"),
                             pictures.path("two.png")))
              .exit_code == 0);
    CHECK(read_text(pictures / "two.png") == read_text(pictures / "one.png"));
}

TEST_CASE("names with blanks are names") {
    const Pictures pictures;
    const std::string model = pictures.made_model();
    fs::create_directory(pictures / "my pictures");
    fs::copy_file(pictures / "more/wide.png", pictures / "my pictures/a b.png");
    CHECK(run_shadenet(apply(model, pictures.path("my pictures"), pictures.path("my results"))).exit_code ==
          0);
    CHECK(fs::exists(pictures / "my results/a b.png"));
}

TEST_CASE("apply refuses what would lose a picture or has no place, before it writes") {
    const Pictures pictures;
    const std::string model = pictures.made_model();
    const auto check = [&](const std::string& input, const std::string& output, const std::string& part) {
        CHECK(unlike_refusal(pictures, apply(model, pictures.path(input), pictures.path(output)), part) ==
              "");
    };
    check("more/wide.png", "more/wide.png", "would overwrite");
    check("more/wide.png", "more", "would overwrite");
    check("before", "before", "would overwrite");
    check("before", "more/../before", "would overwrite");
    check("more/wide.png", "out.gif", ".png");
    check("more/wide.png", "nowhere/out.png", "nowhere");
    check("before", "more/wide.png", "is a file");
    check("before", "more/wide.png/out", "is a file");
    check("nowhere", "out", "no such file or folder");
    check("run/images/nothing.png", "out.png", "no such file");
}

TEST_CASE("a bad picture in a folder is reported and the rest is filtered") {
    const Pictures pictures;
    const std::string model = pictures.made_model();
    write_bytes(pictures / "before/p1.png", Bytes{'n', 'o'});
    const Outcome outcome = run_shadenet(apply(model, pictures.path("before"), pictures.path("out")));
    CHECK(outcome.exit_code == 1);
    CHECK(error_lines(outcome) == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("p1.png"));
    CHECK(fs::exists(pictures / "out/p0.png"));
    CHECK(fs::exists(pictures / "out/p2.png"));
    CHECK_FALSE(fs::exists(pictures / "out/p1.png"));
    CHECK(unlike_refusal(pictures, apply(model, pictures.path("before/p1.png"), pictures.path("bad.png")),
                         "p1.png") == "");
}

TEST_CASE("inspect shows layers, parameters, statistics and PyTorch's names for them") {
    const Pictures pictures;
    const std::string model = pictures.trained_model();
    const Outcome outcome = run_shadenet({"inspect", model});
    CHECK(outcome.exit_code == 0);
    for (const char* part : {"a model,", "conv 3x3, 3 -> 16", "16 x 3 x 3 x 3", "921", "38", "bn1 variance",
                             "momentum 0.1 in PyTorch", "biased", "5 x 5 pixels"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    const Outcome checkpoint = run_shadenet({"inspect", pictures.path("run/checkpoint.safetensors")});
    CHECK_THAT(checkpoint.out,
               ContainsSubstring("a checkpoint,") && ContainsSubstring("optimizer       adam"));
}

TEST_CASE("inspect says what it assumes of a model without metadata") {
    const Pictures pictures;
    shadenet::SafeTensors file = shadenet::read_safetensors(pictures.made_model());
    file.metadata = {{"format", "pt"}};
    const std::string model = pictures.path("foreign.safetensors");
    shadenet::write_safetensors(model, file);
    const Outcome outcome = run_shadenet({"inspect", model});
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, ContainsSubstring("conv 3x3, 3 -> 16"));
    CHECK_THAT(outcome.err, ContainsSubstring("foreign.safetensors: no architecture in the file") &&
                                ContainsSubstring("assumed: activation none"));
}

TEST_CASE("damaged and foreign models are refused by apply and inspect") {
    const Pictures pictures;
    const std::string good = pictures.made_model();
    const std::string bad = pictures.path("bad.safetensors");
    fs::copy_file(good, bad);
    const auto rewrite = [&](auto change) {
        shadenet::SafeTensors file = shadenet::read_safetensors(good);
        change(file);
        shadenet::write_safetensors(bad, file);
    };
    const auto raw = [&](const std::string& header) { write_bytes(bad, raw_model(header, header.size())); };
    SECTION("truncated") {
        fs::resize_file(bad, fs::file_size(bad) - 5);
    }
    SECTION("empty") {
        fs::resize_file(bad, 0);
    }
    SECTION("no file") {
        fs::remove(bad);
    }
    SECTION("huge header") {
        write_bytes(bad, raw_model("{}", std::uint64_t{1} << 62));
    }
    SECTION("overlapping offsets") {
        raw(R"({"a":{"dtype":"F32","shape":[8],"data_offsets":[0,32]},)"
            R"("b":{"dtype":"F32","shape":[12],"data_offsets":[16,64]}})");
    }
    SECTION("overflowing offsets") {
        raw(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],)"
            R"("data_offsets":[0,18446744073709551615]}})");
    }
    SECTION("not a model") {
        raw(R"({"a":{"dtype":"F32","shape":[16],"data_offsets":[0,64]}})");
    }
    SECTION("missing tensor") {
        rewrite([](auto& file) { file.tensors.pop_back(); });
    }
    SECTION("wrong shape") {
        rewrite([](auto& file) { std::swap(file.tensors[0].shape[0], file.tensors[0].shape[1]); });
    }
    SECTION("NaN") {
        rewrite([](auto& file) { std::fill_n(file.tensors[0].bytes.begin(), 4, std::byte{0xff}); });
    }
    const auto refused = [&](const Arguments& arguments) {
        CHECK(unlike_refusal(pictures, arguments, "bad.safetensors") == "");
    };
    refused({"inspect", bad});
    refused(apply(bad, pictures.path("more"), pictures.path("out")));
    refused({"train", "--input", pictures.path("before"), "--target", pictures.path("after"), "--output",
             pictures.path("second"), "--init", bad});
}
