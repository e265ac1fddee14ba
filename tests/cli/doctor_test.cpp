// The doctor as a process. What it checks is tested in tests/engine; here it is what it says and how it ends.
#include <cstdint>
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.h"
#include "pictures.h"
#include "places.h"

using namespace shadenet::test;

namespace {

const std::string golden = source_folder() + "/tests/golden";

/// Where the tensor begins in the bytes of a safetensors file.
std::size_t place_of_tensor(const std::string& bytes, const std::string& name) {
    std::uint64_t header = 0;
    for (int i = 7; i >= 0; --i) header = header << 8U | static_cast<unsigned char>(bytes[i]);
    const auto json = nlohmann::json::parse(bytes.substr(8, header));
    return 8 + header + json.at(name).at("data_offsets").at(0).get<std::size_t>();
}

}  // namespace

TEST_CASE("the doctor passes a device that computes what it should") {
    const TemporaryFolder folder;
    for (const char* run : {"/relu_norm_after.safetensors", "/tanh_momentum.safetensors"}) {
        std::filesystem::copy(golden + run, folder.path());
    }
    const Outcome outcome = run_shadenet({"doctor", "--golden", folder.path().string()});
    CHECK(outcome.exit_code == 0);
    for (const char* part :
         {"weights forward", "relu_norm_after", "tanh_momentum", "tolerance", "comparisons passed"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
}

TEST_CASE("the doctor trains classifiers, and counts their right answers") {
    const TemporaryFolder folder;
    const std::string name = "mlp_dropout_adam.safetensors";
    std::filesystem::copy(golden + "_networks/" + name, folder.path());
    const Outcome good = run_shadenet({"doctor", "--golden", folder.path().string()});
    CHECK(good.exit_code == 0);
    CHECK_THAT(good.out, ContainsSubstring("answers") && ContainsSubstring("mlp_dropout_adam") &&
                             ContainsSubstring("cross-entropy"));
    // A label of another class, which changes both the loss and what is right.
    std::string bytes = read_text(golden + "_networks/" + name);
    const std::size_t place = place_of_tensor(bytes, "labels");
    bytes[place] = static_cast<char>((bytes[place] + 1) % 10);
    write_bytes(folder / name, Bytes(bytes.begin(), bytes.end()));
    const Outcome bad = run_shadenet({"doctor", "--golden", folder.path().string()});
    CHECK(bad.exit_code == 1);
    CHECK_THAT(bad.out, ContainsSubstring("FAILED") && ContainsSubstring("losses"));
}

TEST_CASE("the doctor refuses folders without recorded runs, and damaged ones") {
    const TemporaryFolder folder;
    const auto refused = [&](const std::string& path) {
        const Outcome outcome = run_shadenet({"doctor", "--golden", path});
        return outcome.exit_code == 2 && error_lines(outcome) == 1;
    };
    CHECK(refused(folder.path().string()));
    CHECK(refused((folder / "nowhere").string()));
    write_bytes(folder / "run.safetensors", Bytes{'n', 'o', 'n', 'e'});
    CHECK(refused(folder.path().string()));
}

TEST_CASE("the doctor reports a recorded run that a device does not repeat, and goes on") {
    const TemporaryFolder folder;
    // The same network and pictures, said to be trained by another optimizer: the recorded losses cannot come
    // out.
    std::string bytes = read_text(golden + "/relu_adam.safetensors");
    const std::string from = "\"optimizer\": \"adam\"", to = "\"optimizer\": \"sgd\" ";
    const std::size_t place = bytes.find(from);
    REQUIRE(place != std::string::npos);
    bytes.replace(place, from.size(), to);
    write_bytes(folder / "wrong.safetensors", Bytes(bytes.begin(), bytes.end()));
    std::filesystem::copy(golden + "/relu_no_norm.safetensors", folder / "right.safetensors");
    const Outcome outcome = run_shadenet({"doctor", "--golden", folder.path().string()});
    CHECK(outcome.exit_code == 1);
    CHECK_THAT(outcome.out, ContainsSubstring("FAILED") && ContainsSubstring("what to do"));
    CHECK_THAT(outcome.out, ContainsSubstring("relu_no_norm"));
}
