// shadenet stats and adapt, and apply and inspect with what they leave.
#include <algorithm>
#include <csignal>

#include <fmt/format.h>

#include "catch.h"
#include "classifier.h"
#include "image/image.h"
#include "labelled_set.h"
#include "model/model_file.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

Arguments stats(const Pictures& pictures, const std::string& input, const Arguments& more = {}) {
    Arguments arguments = {"stats", pictures.path("made.safetensors"), "--input", pictures.path(input)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

Arguments adapt(const Pictures& pictures, const std::string& input, const std::string& name,
                const Arguments& more = {}) {
    Arguments arguments = {
        "adapt", pictures.path("made.safetensors"), "--input", pictures.path(input), "--name", name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

bool same_values(const shadenet::NamedStatistics& set, const shadenet::Parameters& parameters) {
    return !set.tensors.empty() && std::all_of(set.tensors.begin(), set.tensors.end(), [&](const auto& one) {
        return one.values == parameters.at(one.name).values;
    });
}

void make_model_without_norms(const Pictures& pictures) {
    shadenet::Model model;
    model.network = shadenet::two_layer_network({.norm = shadenet::NormPlacement::none});
    model.parameters = shadenet::initial_parameters(model.network, 1);
    shadenet::write_model(pictures / "made.safetensors", model);
}

}  // namespace

TEST_CASE("stats shows both statistics of every channel, and changes nothing") {
    const Pictures pictures;
    const std::string before = read_text(pictures.made_model());
    const Outcome outcome = run_shadenet(stats(pictures, "before"));
    CHECK(outcome.exit_code == 0);
    for (const char* part : {"3 pictures, 1296 pixels in all", "\nbn1 ", "\n       15 ", "\nbn2 ",
                             "\n        2 ", "deviations at most, in channel", "the ratio goes from"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    CHECK(read_text(pictures / "made.safetensors") == before);
}

TEST_CASE("stats --write puts the population's statistics into the model") {
    const Pictures pictures;
    const std::string path = pictures.made_model();
    shadenet::Model model = shadenet::read_model(path);
    model.norm_updates = 5;
    model.sets = {shadenet::statistics_of(model.parameters, "first")};
    shadenet::write_model(path, model);
    const Outcome outcome = run_shadenet(stats(pictures, "before", {"--write"}));
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, ContainsSubstring(fmt::format("written    {}:", path)));
    const shadenet::Model written = shadenet::read_model(path);
    CHECK_FALSE(written.norm_updates.has_value());
    CHECK(written.sets.size() == 1);
    CHECK(written.parameters.at("conv1.weight").values == model.parameters.at("conv1.weight").values);
    CHECK(written.parameters.at("bn2.running_mean").values != model.parameters.at("bn2.running_mean").values);

    const Outcome again = run_shadenet(stats(pictures, "before"));
    CHECK_THAT(again.out, ContainsSubstring("off by 0 deviations at most") &&
                              ContainsSubstring("the ratio goes from 1 to 1\n"));
    const std::string kept = read_text(path);
    const std::string copy = pictures.path("copy.safetensors");
    CHECK(run_shadenet(stats(pictures, "more", {"--write", "--output", copy})).exit_code == 0);
    CHECK(read_text(path) == kept);
    CHECK(shadenet::read_model(copy).parameters.at("bn1.running_mean").values !=
          written.parameters.at("bn1.running_mean").values);
}

TEST_CASE(
    "stats --write says that a frozen model is to have other statistics than its weights were trained with") {
    const Pictures pictures;
    const std::string path = pictures.made_model();
    shadenet::Model model = shadenet::read_model(path);
    model.frozen = true;
    shadenet::write_model(path, model);
    const std::string warning = "its weights were trained with the frozen statistics that it has";
    CHECK_THAT(run_shadenet(stats(pictures, "before")).err, !ContainsSubstring(warning));
    const Outcome outcome = run_shadenet(stats(pictures, "before", {"--write"}));
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, ContainsSubstring(warning));
    CHECK_FALSE(shadenet::read_model(path).frozen);
    CHECK_THAT(run_shadenet(stats(pictures, "before", {"--write"})).err, !ContainsSubstring(warning));
}

TEST_CASE("adapt keeps sets by name, and apply uses the one asked for") {
    const Pictures pictures;
    const std::string path = pictures.made_model();
    const shadenet::Model model = shadenet::read_model(path);
    CHECK_THAT(run_shadenet(adapt(pictures, "more", "night")).out,
               ContainsSubstring("the statistics night\n") && ContainsSubstring("apply --stats night"));
    CHECK(run_shadenet(adapt(pictures, "before", "day")).exit_code == 0);
    const shadenet::Model both = shadenet::read_model(path);
    REQUIRE(both.sets.size() == 2);
    CHECK(same_values(shadenet::statistics_of(model.parameters, ""), both.parameters));

    // The same as a model whose own statistics they are.
    const std::string own = pictures.path("own.safetensors");
    CHECK(run_shadenet(stats(pictures, "before", {"--write", "--output", own})).exit_code == 0);
    CHECK(same_values(both.sets[0], shadenet::read_model(own).parameters));
    const Outcome applied = run_shadenet(pictures.apply("before", "day", {"--stats", "day"}));
    CHECK_THAT(applied.out, ContainsSubstring("statistics day\n"));
    CHECK(run_shadenet({"apply", "-m", own, "-i", pictures.path("before"), "-o", pictures.path("own")})
              .exit_code == 0);
    CHECK(run_shadenet(pictures.apply("before", "plain")).exit_code == 0);
    CHECK(contents(pictures / "day").size() == 3);
    CHECK(contents(pictures / "day") == contents(pictures / "own"));
    CHECK(contents(pictures / "day") != contents(pictures / "plain"));

    CHECK_THAT(run_shadenet(adapt(pictures, "before/p1.png", "night")).out,
               ContainsSubstring("in place of others of that name"));
    const shadenet::Model replaced = shadenet::read_model(path);
    REQUIRE(replaced.sets.size() == 2);
    CHECK(same_values(replaced.sets[0], shadenet::with_statistics(both.parameters, both.sets[0])));
    CHECK_FALSE(same_values(replaced.sets[1], shadenet::with_statistics(both.parameters, both.sets[1])));
    CHECK_THAT(run_shadenet({"inspect", path}).out, ContainsSubstring("apply --stats NAME: day, night"));
}

TEST_CASE("the range of another program's model is given once, and then kept") {
    const Pictures pictures;
    shadenet::SafeTensors file;
    shadenet::append(file, shadenet::read_model(pictures.made_model()).parameters);
    const std::string theirs = pictures.path("theirs.safetensors"), ours = pictures.path("ours.safetensors");
    shadenet::write_safetensors(theirs, file);
    const auto apply = [&](const std::string& model, const char* output, const Arguments& more) {
        Arguments arguments = {
            "apply", "-m", model, "-i", pictures.path("before"), "-o", pictures.path(output)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_shadenet(arguments);
    };
    CHECK_THAT(apply(theirs, "unit", {}).err, ContainsSubstring("pixels in 0..1, others by --range"));
    CHECK_THAT(apply(theirs, "given", {"--range", "-1..1"}).err, ContainsSubstring("pixels in -1..1;"));
    CHECK(contents(pictures / "given") != contents(pictures / "unit"));

    CHECK(run_shadenet(
              {"adapt", theirs, "-i", pictures.path("before"), "-n", "day", "--range=-1..1", "-o", ours})
              .exit_code == 0);
    CHECK(apply(ours, "kept", {}).exit_code == 0);
    CHECK(contents(pictures / "kept").size() == 3);
    CHECK(contents(pictures / "kept") == contents(pictures / "given"));
    CHECK_THAT(run_shadenet({"inspect", ours}).out, ContainsSubstring("black and white are -1 and 1 to it"));

    CHECK(unlike_refusal(pictures, {"inspect", ours, "--range", "0..1"},
                         "its pixels are in -1..1, as the file says; leave --range out") == "");
    CHECK(unlike_refusal(pictures, {"inspect", theirs, "--range", "1..-1"}, "--range is \"1..-1\"; use") ==
          "");

    const Outcome refused = run_shadenet(pictures.train({"--init", ours}));
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, ContainsSubstring("is a model with range -1..1, and the run is to have 0..1"));
    CHECK(run_shadenet(pictures.train({"--epochs", "1", "--no-tune", "--init", theirs, "--range", "-1..1"}))
              .exit_code == 0);
    CHECK(shadenet::read_model(pictures / "run/model.safetensors").network.range ==
          shadenet::PixelRange{-1, 1});
    CHECK(shadenet::read_model(pictures / "run/checkpoint.safetensors").network.range ==
          shadenet::PixelRange{-1, 1});
    CHECK(run_shadenet({"train", "--resume", "--epochs", "2", "--output", pictures.path("run")}).exit_code ==
          0);
}

TEST_CASE("apply lists the statistics there are when it is asked for others") {
    const Pictures pictures;
    const std::string path = pictures.made_model();
    const auto refused = [&](const std::string& part) {
        CHECK(unlike_refusal(pictures, pictures.apply("before", "out", {"--stats", "rain"}), part) == "");
    };
    refused("holds no named statistics");
    shadenet::Model model = shadenet::read_model(path);
    for (const char* name : {"day", "night"}) {
        model.sets.push_back(shadenet::statistics_of(model.parameters, name));
    }
    shadenet::write_model(path, model);
    refused("no statistics named \"rain\"; there are: day, night");
    make_model_without_norms(pictures);
    refused("has no batch norm");
}

TEST_CASE("stats and adapt refuse what they cannot measure or keep, before they write") {
    const Pictures pictures;
    const std::string path = pictures.made_model();
    const auto refused = [&](const Arguments& arguments, const std::string& part) {
        CHECK(unlike_refusal(pictures, arguments, part) == "");
    };
    fs::create_directory(pictures / "empty");
    write_bytes(pictures / "bad.png", Bytes{'n', 'o'});
    refused(stats(pictures, "nowhere"), "no such file or folder");
    refused(stats(pictures, "empty"), "holds no picture");
    refused(stats(pictures, "bad.png"), "bad.png: is a text, not a picture");
    refused(stats(pictures, "before", {"--output", pictures.path("x")}), "give --write too");
    refused(stats(pictures, "before", {"--size", "16385"}), "--size");
    refused(adapt(pictures, "before", "a b"), "cannot name statistics");
    refused(adapt(pictures, "before", "night", {"--output", path}), "is the model; leave --output out");
    refused(adapt(pictures, "before", "night", {"--output", pictures.path("no/m")}), "make the folder");
    refused(adapt(pictures, "before", "night", {"--output", pictures.path("more/")}), "is there already");
    // Takes no file, whoever asks.
    if (fs::exists("/proc/self")) {
        refused(adapt(pictures, "before", "night", {"--output", "/proc/m"}), "/proc/m: cannot be written: ");
        refused(stats(pictures, "before", {"--write", "--output", "/proc/m"}),
                "/proc/m: cannot be written: ");
    }

    shadenet::SafeTensors file = shadenet::read_safetensors(path);
    file.metadata.emplace("step", "3");
    shadenet::write_safetensors(path, file);
    refused(adapt(pictures, "before", "night"), "is a checkpoint");
    refused(stats(pictures, "before", {"--write"}), "is a checkpoint");
    CHECK(run_shadenet(adapt(pictures, "before", "night", {"--output", pictures.path("new.safetensors")}))
              .exit_code == 0);
    CHECK(shadenet::read_model(pictures / "new.safetensors").sets.size() == 1);
    refused(adapt(pictures, "before", "night", {"--output", pictures.path("new.safetensors")}),
            "is there already; --overwrite replaces it");
    const Arguments anew = {"--write", "--output", pictures.path("new.safetensors"), "--overwrite"};
    CHECK(run_shadenet(stats(pictures, "before", anew)).exit_code == 0);
    CHECK(shadenet::read_model(pictures / "new.safetensors").sets.empty());
    file.metadata.clear();
    shadenet::write_safetensors(path, file);
    refused(adapt(pictures, "before", "night"), "of another program");

    make_model_without_norms(pictures);
    refused(stats(pictures, "before"), "has no batch norm");
    refused(adapt(pictures, "before", "night"), "has no batch norm");
}

TEST_CASE("damaged pictures are left out, and a folder of nothing else fails") {
    const Pictures pictures;
    const std::string path = pictures.made_model();
    fs::create_directories(pictures / "in/deep");
    for (const char* name : {"in/a.png", "in/deep/c.jpg"}) write_bytes(pictures / name, Bytes{'n', 'o'});
    const std::string before = read_text(path);
    const Outcome none = run_shadenet(adapt(pictures, "in", "night", {"-r"}));
    CHECK(none.exit_code == 1);
    CHECK(error_lines(none) == 1);
    CHECK_THAT(none.err, ContainsSubstring("none of the 2 pictures can be read"));
    CHECK(read_text(path) == before);

    fs::copy_file(pictures / "more/wide.png", pictures / "in/b.png");
    const Outcome some = run_shadenet(adapt(pictures, "in", "night", {"-r"}));
    CHECK(some.exit_code == 0);
    CHECK(error_lines(some) == 0);
    CHECK_THAT(some.err, ContainsSubstring("a.png: is a text, not a picture") && ContainsSubstring("c.jpg") &&
                             ContainsSubstring("2 of 3 pictures left out"));
    CHECK_THAT(some.out, ContainsSubstring("1 picture, 217 pixels in all"));
    CHECK(run_shadenet(stats(pictures, "more", {"--write"})).exit_code == 0);
    const shadenet::Model model = shadenet::read_model(path);
    CHECK(same_values(model.sets.at(0), model.parameters));
}

TEST_CASE("Ctrl-C ends stats and adapt, and the model stays as it was") {
    const Pictures pictures;
    const std::string before = read_text(pictures.made_model());
    fs::create_directory(pictures / "in");
    write_bytes(pictures / "in/0.png", Bytes{'n', 'o'});  // said as soon as the work begins
    write_picture(pictures / "in/1.png", 400, 300, 1);
    for (int i = 2; i < 200; ++i)
        fs::copy_file(pictures / "in/1.png", pictures / fmt::format("in/{}.png", i));
    for (const Arguments& arguments : {stats(pictures, "in", {"--write"}), adapt(pictures, "in", "night")}) {
        Process process(as_command(arguments));
        wait_until([&] { return process.messages().find("0.png") != std::string::npos; });
        process.signal(SIGINT);
        const Outcome outcome = process.wait();
        CHECK(outcome.exit_code == 130);
        CHECK_THAT(outcome.err, ContainsSubstring("nothing is measured or written"));
        CHECK(outcome.out.find("written ") == std::string::npos);
        CHECK(read_text(pictures / "made.safetensors") == before);
    }
}

namespace {

/// Of pictures of 8 x 4; its norm has seen none yet.
shadenet::Model model_of_classes(const std::vector<std::string>& names) {
    shadenet::Model model{shadenet::parse_network("input 1x4x8, dense 5, norm, relu, dense 3", ""), {}};
    model.parameters = shadenet::initial_parameters(model.network, 2);
    model.classes = {names, 1, 4, 8, "centre", "luma"};
    return model;
}

}  // namespace

TEST_CASE("stats and adapt measure a classifier over pictures, and classify takes what they leave") {
    const HalvesScene scene;
    const std::string model = scene.path("model.safetensors");
    write_model(model, model_of_classes({"left", "right", "dark"}));
    const Outcome shown = run_shadenet({"stats", model, "-i", scene.path("in")});
    INFO(shown.err);
    REQUIRE(shown.exit_code == 0);
    for (const char* part :
         {"3 pictures, 96 pixels in all", "\nbn1 ", "\n        4 ", "the ratio goes from"}) {
        CHECK_THAT(shown.out, ContainsSubstring(part));
    }
    const Outcome adapted = run_shadenet({"adapt", model, "-i", scene.path("in"), "--name", "halves"});
    INFO(adapted.err);
    REQUIRE(adapted.exit_code == 0);
    CHECK_THAT(adapted.out, ContainsSubstring("shadenet classify --stats halves --model"));
    REQUIRE(
        run_shadenet({"stats", model, "-i", scene.path("in"), "--write", "-o", scene.path("own.safetensors")})
            .exit_code == 0);
    const shadenet::Model own = shadenet::read_model(scene / "own.safetensors");
    CHECK(same_values(shadenet::read_model(model).sets.at(0), own.parameters));
    // The set's statistics are those of the only pictures, and the answers the same as of the model with
    // them.
    const auto table_of = [&](const Arguments& more) {
        Arguments all = {"classify", "-i", scene.path("in"), "--csv", scene.path("t.csv"), "--overwrite"};
        all.insert(all.end(), more.begin(), more.end());
        REQUIRE(run_shadenet(all).exit_code == 0);
        return read_text(scene / "t.csv");
    };
    const std::string with_set = table_of({"-m", model, "--stats", "halves"});
    CHECK(with_set == table_of({"-m", scene.path("own.safetensors")}));
    CHECK(with_set != table_of({"-m", model}));
    CHECK_THAT(run_shadenet({"inspect", model}).out,
               ContainsSubstring("by shadenet classify --stats NAME: halves"));
}

TEST_CASE("a classifier is measured over labelled data, and its health looked at on any pictures") {
    const HalvesScene scene;
    const std::string model = scene.path("model.safetensors"), set = scene.path("set");
    shadenet::Model made = model_of_classes({"0", "1", "2"});
    made.parameters.at("fc2.bias").values = {0, 1000, 0};
    write_model(model, made);
    write_part(set, "train", labelled_set(12, 4, 8, 3));
    write_part(set, "t10k", labelled_set(4, 4, 8, 3, 2));
    const Outcome shown = run_shadenet({"stats", model, "-i", set});
    INFO(shown.err);
    CHECK(shown.exit_code == 0);
    CHECK_THAT(shown.out, ContainsSubstring("12 pictures, 384 pixels in all"));
    const Outcome health = run_shadenet({"inspect", model, "--health", "-i", set});
    CHECK(health.exit_code == 0);
    CHECK_THAT(health.out,
               ContainsSubstring("2 of 3 classes are never answered, though 8 of 12 pictures looked "
                                 "at are of them: 0, 2."));
    CHECK_THAT(health.out, ContainsSubstring("against the statistics of 12 pictures"));
    // Nobody has said what these are of.
    const Outcome loose = run_shadenet({"inspect", model, "--health", "-i", scene.path("in")});
    CHECK(loose.exit_code == 0);
    CHECK_THAT(loose.out, ContainsSubstring("the answers to 3 pictures and what each relu lets through"));
    CHECK_THAT(loose.out, !ContainsSubstring("never answered"));
    write_bytes(scene / "in/x.png", {'x'});
    const Outcome some = run_shadenet({"stats", model, "-i", scene.path("in")});
    CHECK(some.exit_code == 0);
    CHECK_THAT(some.err, ContainsSubstring("1 of 4 pictures left out"));
    CHECK_THAT(some.out, ContainsSubstring("3 pictures, 96 pixels in all"));
}
