#include "model/pixel_range.h"

#include <string>
#include <utility>
#include <vector>

#include "catch.h"
#include "model/model_file.h"
#include "model/model_test_tools.h"
#include "model/network_metadata.h"

namespace shadenet {

namespace {

/// A model of PyTorch's names, with no word of what it is.
SafeTensors bare_file() {
    const Model model = test::fresh_model({.hidden = 4}, 2);
    SafeTensors file;
    append(file, model.parameters);
    return file;
}

}  // namespace

TEST_CASE("ranges are read from text, and written as it") {
    for (const auto& [text, range] : std::vector<std::pair<std::string, PixelRange>>{
             {"0..1", {}}, {"-1..1", {-1, 1}}, {"0..255", {0, 255}}, {"-0.5..0.5", {-0.5f, 0.5f}}}) {
        CHECK(pixel_range(text) == range);
        CHECK(to_string(range) == text);
    }
    CHECK(pixel_range("-.5...5") == PixelRange{-0.5f, 0.5f});
    for (const char* text : {"", "..", "1", "-1", "0..", "..1", "1..1", "1..0", "0..1 ", "0..1x", "0,1",
                             "nan..1", "0..inf", "0..1e9", "-1..1..2"}) {
        CAPTURE(text);
        const std::string message = test::refusal([&] { pixel_range(text); });
        CHECK(message.starts_with("range is \""));
        CHECK(test::contains(message, "use LOW..HIGH, two numbers from -65536 to 65536, as in -1..1"));
    }
}

TEST_CASE("a value goes into a range and back") {
    const PixelRange range{-1, 1};
    CHECK((range.into(0) == -1 && range.into(0.5) == 0 && range.into(1) == 1));
    CHECK((range.out_of(-1) == 0 && range.out_of(0.5) == 0.75));
    std::vector<float> values = {0.25f, -0.0f, 3};
    range.bring_into(values);
    CHECK(values == std::vector<float>{-0.5f, -1, 5});
    range.bring_out_of(values);
    CHECK(values == std::vector<float>{0.25f, 0, 3});
}

TEST_CASE("the range of a foreign model is what is asked for, and else assumed aloud") {
    const auto note = [](const Model& model) { return model.notes.at(0); };
    const Model usual = model_from(bare_file(), "f");
    CHECK(usual.network.range.is_unit());
    CHECK(test::contains(note(usual), "same padding, pixels in 0..1, others by --range"));
    const Model given = model_from(bare_file(), "f", PixelRange{-1, 1});
    CHECK(given.network.range == PixelRange{-1, 1});
    CHECK(test::contains(note(given), "batch norm, pixels in -1..1; assumed: "));
    CHECK_FALSE(test::contains(note(given), "--range"));
    SafeTensors file = bare_file();
    file.metadata["range"] = "0..255";
    CHECK(model_from(file, "f", PixelRange{-1, 1}).network.range == PixelRange{0, 255});
    file.metadata["range"] = "-1";
    CHECK(test::contains(test::refusal([&] { model_from(file, "f"); }),
                         "f: its metadata is refused: range is \"-1\"; use LOW..HIGH"));
}

TEST_CASE("a model keeps its range") {
    const test::Scratch folder;
    Model model = model_from(bare_file(), "f", PixelRange{-1, 1});
    write_model(folder / "ranged", model);
    CHECK(read_safetensors(folder / "ranged").metadata.at("range") == "-1..1");
    const Model read = read_model(folder / "ranged", PixelRange{0, 255});
    CHECK(read.network == model.network);
    CHECK(read.notes.empty());
    model.network.range = {};
    write_model(folder / "usual", model);
    CHECK_FALSE(read_safetensors(folder / "usual").metadata.contains("range"));
    CHECK(network_identity({}).at("range") == "0..1");
}

}  // namespace shadenet
