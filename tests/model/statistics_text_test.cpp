#include "model/statistics_text.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "catch.h"
#include "model/model_file.h"
#include "model/model_test_tools.h"
#include "same_bits.h"

namespace shadenet {

namespace {

using test::contains;
using test::refusal;
using test::same_bits;
using test::Scratch;

using Metadata = std::map<std::string, std::string>;

Model model_with_statistics(NormPlacement norm = NormPlacement::before) {
    return test::fresh_model({.hidden = 2, .kernel = 1, .norm = norm}, 4);
}

/// Numbers that lose their bits where a reader is careless.
NamedStatistics ugly_set(const std::string& name) {
    using Limits = std::numeric_limits<float>;
    NamedStatistics set = statistics_of(model_with_statistics().parameters, name);
    set.tensors[0].values = {-0.0f, std::nextafter(16777216.0f, 0.0f)};
    set.tensors[1].values = {Limits::denorm_min(), Limits::max()};
    set.tensors[2].values = {-Limits::max(), 0.1f, std::nextafter(1e10f, 2e10f)};
    set.tensors[3].values = {0.0f, Limits::min(), 9.5367439e-7f};
    return set;
}

/// What the text is refused with as the set "night" of a small model.
std::string text_refusal(const std::string& text) {
    return refusal([&] { parse_statistics(text, "night", model_with_statistics().network, "m.file"); });
}

constexpr const char* plain_text = R"({"bn1.running_mean":[0.0,0.0],"bn1.running_var":[1.0,1.0],)"
                                   R"("bn2.running_mean":[0.0,0.0,0.0],"bn2.running_var":[1.0,1.0,1.0]})";

std::string with(const std::string& part, const std::string& other) {
    std::string text = plain_text;
    return text.replace(text.find(part), part.size(), other);
}

}  // namespace

TEST_CASE("a set of statistics as text, and back bit for bit") {
    CHECK(statistics_text(statistics_of(model_with_statistics().parameters, "any")) == plain_text);
    const NamedStatistics set = ugly_set("night");
    CHECK(same_bits(parse_statistics(statistics_text(set), "night", model_with_statistics().network, "m"),
                    set));
    for (float value = 1e-38f; value < 1e38f; value = std::nextafter(value * 1.37f, 1e38f)) {
        NamedStatistics one = set;
        one.tensors[0].values = {value, -value};
        CHECK(same_bits(parse_statistics(statistics_text(one), "night", model_with_statistics().network, "m"),
                        one));
    }
}

TEST_CASE("the text of a set may have blanks, whole numbers and another order") {
    const std::string text = R"( {"bn2.running_var": [1, 2e0, 4], "bn2.running_mean": [-1, 0, 3],)"
                             "\n"
                             R"( "bn1.running_var": [18446744073709551615, 1], "bn1.running_mean": [0, 1]})";
    const NamedStatistics set = parse_statistics(text, "night", model_with_statistics().network, "m");
    CHECK(set.tensors[0].values == std::vector<float>{0, 1});
    CHECK(set.tensors[1].values == std::vector<float>{18446744073709551616.0f, 1});
    CHECK(set.tensors[2].values == std::vector<float>{-1, 0, 3});
    CHECK(set.tensors[3].values == std::vector<float>{1, 2, 4});
}

TEST_CASE("a text that is no set of the network's statistics is refused in one line") {
    REQUIRE(text_refusal(plain_text).empty());
    const std::string many(100000, '[');
    const std::vector<std::pair<std::string, const char*>> bad = {
        {"", "not valid JSON"},
        {"{}", "lack \"bn1.running_mean\""},
        {"3", "a number in place of an object"},
        {"null", "null in place of an object"},
        {"\"text\"", "text in place of an object"},
        {"[1]", "a list in place of an object"},
        {many, "a list in place of an object"},
        {plain_text + std::string("x"), "not valid JSON (at byte"},
        {with("}", ""), "not valid JSON"},
        {with(",\"bn2.running_var\":[1.0,1.0,1.0]", ""), "lack \"bn2.running_var\""},
        {with("bn2.running_var", "bn2.weight"), "hold \"bn2.weight\", which the network does not have"},
        {with("bn2.running_var", "bn\\n2"), "which the network does not have"},
        {with("bn1.running_var", "bn1.running_mean"), "hold \"bn1.running_mean\" twice"},
        {with("[0.0,0.0]", "[0.0]"), "have 1 values of \"bn1.running_mean\", and the network has 2 channels"},
        {with("[0.0,0.0]", "[]"), "have 0 values of"},
        {with("[0.0,0.0]", "[0,0,0]"), "have more than 2 values of"},
        {with("[0.0,0.0]", "[0,[0]]"), "a list in place of a list of numbers"},
        {with("[0.0,0.0]", "[0,null]"), "null in place of a list of numbers"},
        {with("[0.0,0.0]", "[0,true]"), "true or false in place"},
        {with("[0.0,0.0]", "[0,\"1\"]"), "text in place"},
        {with("[0.0,0.0]", "{}"), "an object in place"},
        {with("[0.0,0.0]", "5"), "a number in place of a list of numbers"},
        {with("[0.0,0.0]", "[0,nan]"), "not valid JSON"},
        {with("[0.0,0.0]", "[0,1e39]"), "which is no 32-bit number"},
        {with("[0.0,0.0]", "[0,1e-99]"), "which is no 32-bit number"},
        {with("[0.0,0.0]", "[0,1e999]"), "not valid JSON"},
        {with("[1.0,1.0]", "[1,-1e-9]"), "hold -1e-09 in \"bn1.running_var\""},
        {with("[1.0,1.0]", "[1,-2]"), "hold -2 in \"bn1.running_var\""},
    };
    for (const auto& [text, part] : bad) {
        const std::string message = text_refusal(text);
        CAPTURE(text.substr(0, 200), message);
        CHECK(message.starts_with("m.file: its statistics \"night\" "));
        CHECK(contains(message, part));
        CHECK_FALSE(contains(message, "\n"));
        CHECK(message.size() < 300);
    }
}

TEST_CASE("a model keeps its sets and its count of updates") {
    const Scratch folder;
    Model model = model_with_statistics();
    model.sets = {ugly_set("night"), statistics_of(model.parameters, "Day_2-b")};
    model.norm_updates = std::numeric_limits<std::uint64_t>::max();
    write_model(folder / "m", model);
    const Model read = read_model(folder / "m");
    REQUIRE(read.sets.size() == 2);
    CHECK(same_bits(read.sets[0], model.sets[1]));
    CHECK(same_bits(read.sets[1], model.sets[0]));
    CHECK(read.norm_updates == model.norm_updates);

    write_model(folder / "plain", model_with_statistics());
    CHECK(read_model(folder / "plain").sets.empty());
    CHECK_FALSE(read_model(folder / "plain").norm_updates.has_value());
}

TEST_CASE("a model keeps that its statistics were debiased, and that they were frozen") {
    const Scratch folder;
    for (const bool debiased : {false, true}) {
        for (const bool frozen : {false, true}) {
            Model model = model_with_statistics();
            model.debiased = debiased;
            model.frozen = frozen;
            write_model(folder / "m", model);
            CHECK(read_model(folder / "m").debiased == debiased);
            CHECK(read_model(folder / "m").frozen == frozen);
        }
    }
    for (const char* key : {"norms_debiased", "norms_frozen"}) {
        SafeTensors file = read_safetensors(folder / "m");
        file.metadata[key] = "yes";
        write_safetensors(folder / "bad", file);
        CHECK(contains(refusal([&] { read_model(folder / "bad"); }), "and should be true or false"));
    }
}

TEST_CASE("a model that lost the rest of its metadata keeps its sets") {
    const Scratch folder;
    Model model = model_with_statistics();
    model.sets = {ugly_set("night")};
    write_model(folder / "m", model);
    SafeTensors file = read_safetensors(folder / "m");
    file.metadata.erase("network");
    file.metadata.erase("hidden");
    write_safetensors(folder / "m", file);
    const Model read = read_model(folder / "m");
    CHECK_FALSE(read.notes.empty());
    REQUIRE(read.sets.size() == 1);
    CHECK(same_bits(read.sets[0], model.sets[0]));
}

TEST_CASE("sets that no model can have are refused") {
    const Network network = model_with_statistics().network;
    const auto check = [&](const Metadata& metadata, const char* part) {
        const std::string message = refusal([&] { sets_from(metadata, network, "m.file"); });
        CAPTURE(message);
        CHECK(message.starts_with("m.file: "));
        CHECK(contains(message, part));
        CHECK_FALSE(contains(message, "\n"));
    };
    check({{"statistics.", plain_text}}, "\"\" cannot name statistics");
    check({{"statistics.a\nb", plain_text}}, "cannot name statistics");
    check({{"statistics." + std::string(65, 'a'), plain_text}}, "cannot name statistics");
    check({{"statistics.night", "{}"}}, "its statistics \"night\" lack");
    Metadata many;
    for (std::size_t i = 0; i < most_sets; ++i) many[fmt::format("statistics.s{}", i)] = plain_text;
    CHECK(sets_from(many, network, "m").size() == most_sets);
    many["statistics.zzz"] = plain_text;
    check(many, "more than 64 sets");
    CHECK(sets_from({{"statistics", "x"}, {"statisticsx", "x"}}, network, "m").empty());

    const Network without = model_with_statistics(NormPlacement::none).network;
    CHECK(contains(refusal([&] {
                       sets_from({{"statistics.a", "{}"}}, without, "m");
                   }),
                   "in a model without batch norm"));
}

TEST_CASE("a count of updates that is none is refused") {
    const Scratch folder;
    write_model(folder / "m", model_with_statistics());
    for (const char* text : {"", "-1", "1.5", "18446744073709551616", "many"}) {
        SafeTensors file = read_safetensors(folder / "m");
        file.metadata["norm_updates"] = text;
        write_safetensors(folder / "bad", file);
        CHECK(contains(refusal([&] { read_model(folder / "bad"); }), "metadata 'norm_updates' is"));
    }
}

TEST_CASE("sets are found, replaced and listed by name") {
    std::vector<NamedStatistics> sets;
    CHECK(
        contains(refusal([&] { set_named(sets, "night", "m.file"); }), "m.file: holds no named statistics"));
    CHECK_FALSE(store_set(sets, {"day", {}}));
    CHECK_FALSE(store_set(sets, ugly_set("night")));
    CHECK(store_set(sets, ugly_set("day")));
    CHECK(sets.size() == 2);
    CHECK(same_bits(set_named(sets, "day", "m"), ugly_set("day")));
    CHECK(refusal([&] { set_named(sets, "rain", "m.file"); }) ==
          "m.file: holds no statistics named \"rain\"; there are: day, night");
    for (std::size_t i = 2; i < most_sets; ++i) store_set(sets, {fmt::format("s{}", i), {}});
    CHECK(store_set(sets, {"s5", {}}));
    CHECK(contains(refusal([&] { store_set(sets, {"more", {}}); }), "64 sets of statistics already"));
    CHECK(sets.size() == most_sets);
}

}  // namespace shadenet
