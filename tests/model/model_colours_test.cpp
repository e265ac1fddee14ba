#include "model/model_colours.h"

#include <optional>
#include <string>

#include "catch.h"
#include "model/model_file.h"
#include "model/model_test_tools.h"

namespace shadenet::test {

TEST_CASE("a model keeps the colours of its pictures, as texts") {
    const Scratch folder;
    Model model = fresh_model({}, 1);
    write_model(folder / "plain", model);
    CHECK(read_model(folder / "plain").colours == ModelColours{});
    model.colours = {ProfileName{"Adobe \"RGB\" \xc3\xa9", "ICC 12"},
                     ProfileName{"sRGB", "sRGB"},
                     true,
                     {std::byte{0}, std::byte{255}, std::byte{7}}};
    write_model(folder / "m", model);
    CHECK(read_model(folder / "m").colours == model.colours);
    const SafeTensors file = read_safetensors(folder / "m");
    CHECK(file.metadata.at("target_profile_icc") == "AP8H");
    CHECK(file.metadata.at("profiles_differ") == "true");
    model.colours = {std::nullopt, ProfileName{"sRGB", "sRGB"}};
    write_model(folder / "m", model);
    CHECK(read_model(folder / "m").colours == model.colours);
}

TEST_CASE("damaged entries of colours are refused by name") {
    const auto refused = [](const char* key, const std::string& value) {
        return refusal([&] { colours_from({{key, value}}, "m"); });
    };
    CHECK(contains(refused("target_profile_icc", "a!"), "m: its metadata 'target_profile_icc'"));
    CHECK(contains(refused("profiles_differ", "maybe"), "m: its metadata 'profiles_differ'"));
    CHECK(contains(refused("target_profile_icc", std::string(2'000'000, 'A')), "1 MiB"));
}

}  // namespace shadenet::test
