// Models with PyTorch's tensors and without this program's metadata.
#include "model/foreign_model.h"

#include <cstring>
#include <functional>
#include <limits>

#include "catch.h"
#include "model/model_file.h"
#include "model/model_test_tools.h"

namespace shadenet {

namespace {

using test::contains;
using test::refusal;

using ModuleNames = std::map<std::string, std::string>;
using Shape4 = std::vector<std::uint64_t>;
using Change = std::function<void(SafeTensors&)>;

/// With numbers that no two tensors have in common.
Model model_of(const NetworkOptions& options) {
    Model model = test::fresh_model(options, 5);
    float value = 0.25f;
    for (NamedTensor& tensor : model.parameters.tensors()) {
        for (float& x : tensor.values) x = value += 0.125f;
    }
    return model;
}

Model model_of(std::uint32_t hidden, std::uint32_t kernel = 3, const char* norm = "before") {
    NetworkOptions options;
    options.hidden = hidden;
    options.kernel = kernel;
    options.norm = norm_placement(norm);
    return model_of(options);
}

/// Its tensors alone, each module renamed as `modules` say; after them PyTorch's counters.
SafeTensors foreign_file(const Model& model, const ModuleNames& modules = {}) {
    SafeTensors file;
    append(file, model.parameters);
    for (SafeTensor& tensor : file.tensors) {
        const std::size_t dot = tensor.name.find('.');
        const auto found = modules.find(tensor.name.substr(0, dot));
        if (found != modules.end()) tensor.name = found->second + tensor.name.substr(dot);
    }
    for (std::size_t i = file.tensors.size(); i-- > 0;) {
        const std::string name = file.tensors[i].name;
        if (!name.ends_with("running_var")) continue;
        const std::string counter = name.substr(0, name.rfind('.')) + ".num_batches_tracked";
        file.tensors.push_back({counter, DType::i64, {}, std::vector<std::byte>(8)});
    }
    return file;
}

const ModuleNames sequential = {{"conv1", "0"}, {"bn1", "1"}, {"conv2", "3"}, {"bn2", "4"}};

SafeTensor zeros(const std::string& name, const Shape4& shape) {
    std::size_t count = 1;
    for (const std::uint64_t extent : shape) count *= extent;
    return SafeTensor::floats(name, shape, std::vector<float>(count));
}

void remove(SafeTensors& file, const std::string& name) {
    const auto removed = std::erase_if(file.tensors, [&](const SafeTensor& t) { return t.name == name; });
    REQUIRE(removed == 1);
}

void reshape(SafeTensors& file, const std::string& name, const Shape4& shape) {
    remove(file, name);
    file.tensors.push_back(zeros(name, shape));
}

void check_same(const Parameters& a, const Parameters& b) {
    REQUIRE(a.tensors().size() == b.tensors().size());
    for (std::size_t i = 0; i < a.tensors().size(); ++i) {
        CAPTURE(a.tensors()[i].name);
        CHECK(a.tensors()[i].name == b.tensors()[i].name);
        CHECK(a.tensors()[i].shape == b.tensors()[i].shape);
        CHECK(a.tensors()[i].trainable == b.tensors()[i].trainable);
        CHECK(a.tensors()[i].values == b.tensors()[i].values);
    }
}

/// What model_from says of a file that `change` has spoilt.
std::string refusal_after(const Change& change, std::uint32_t hidden = 5) {
    SafeTensors file = foreign_file(model_of(hidden), sequential);
    change(file);
    const std::string message = refusal([&] { model_from(file, "their.file"); });
    CHECK(message.starts_with("their.file: "));
    CHECK_FALSE(contains(message, "\n"));
    return message;
}

/// All notes as one text.
std::string notes_with(const ModuleNames& metadata, const ModuleNames& modules,
                       const Model& model = model_of(5)) {
    SafeTensors file = foreign_file(model, modules);
    file.metadata = metadata;
    std::string text;
    for (const std::string& note : model_from(file, "f").notes) text += note + "\n";
    return text;
}

}  // namespace

TEST_CASE("a model is found by its tensors, whatever its modules are called") {
    const std::vector<ModuleNames> namings = {
        {},
        {{"conv1", "model.conv1"}, {"bn1", "model.bn1"}, {"conv2", "model.conv2"}, {"bn2", "model.bn2"}},
        {{"conv1", "m.net.a"}, {"bn1", "m.net.b"}, {"conv2", "m.net.c"}, {"bn2", "m.net.d"}},
        {{"conv1", "z"}, {"bn1", "y"}, {"conv2", "b"}, {"bn2", "a"}},
        {{"conv1", "net.8"}, {"bn1", "net.9"}, {"conv2", "net.10"}, {"bn2", "net.11"}},
        sequential,
    };
    for (const std::uint32_t hidden : {1u, 3u, 5u}) {
        for (const std::uint32_t kernel : {1u, 7u}) {
            for (const char* norm : {"before", "none"}) {
                for (const ModuleNames& names : namings) {
                    if (hidden == 3 && names.contains("conv1") && names.at("conv1") == "z") continue;
                    CAPTURE(hidden, kernel, norm, names);
                    const Model model = model_of(hidden, kernel, norm);
                    const Model read = model_from(foreign_file(model, names), "f");
                    CHECK(read.network == model.network);
                    check_same(read.parameters, model.parameters);
                    CHECK_FALSE(read.notes.empty());
                }
            }
        }
    }
}

TEST_CASE("what PyTorch leaves out of a file stands for itself") {
    const Model model = model_of(5);
    SafeTensors file = foreign_file(model);
    for (const char* name : {"conv1.bias", "conv2.bias", "bn1.weight", "bn1.bias"}) remove(file, name);
    const Parameters read = model_from(file, "f").parameters;
    CHECK(read.at("conv1.bias").values == std::vector<float>(5, 0.0f));
    CHECK(read.at("conv2.bias").values == std::vector<float>(3, 0.0f));
    CHECK(read.at("bn1.weight").values == std::vector<float>(5, 1.0f));
    CHECK(read.at("bn1.bias").values == std::vector<float>(5, 0.0f));
    CHECK(read.at("bn2.weight").values == model.parameters.at("bn2.weight").values);
}

TEST_CASE("a foreign model in float64 is read, and what float32 cannot hold is not") {
    SafeTensors file = foreign_file(model_of(5));
    SafeTensor& bias = file.tensors[1];
    REQUIRE(bias.name == "conv1.bias");
    std::vector<double> values = {0.1, -2, 3, 4, 5};
    const auto set = [&] {
        bias.dtype = DType::f64;
        bias.bytes.resize(values.size() * sizeof(double));
        std::memcpy(bias.bytes.data(), values.data(), bias.bytes.size());
    };
    set();
    CHECK(model_from(file, "f").parameters.at("conv1.bias").values == std::vector<float>{0.1f, -2, 3, 4, 5});
    values[3] = 1e300;
    set();
    CHECK(contains(refusal([&] { model_from(file, "f"); }), "\"conv1.bias\" holds inf at 3"));
}

TEST_CASE("numbers of half the bits are read, and whole ones are not") {
    SafeTensors file = foreign_file(model_of(5));
    SafeTensor& bias = file.tensors[1];
    REQUIRE(bias.name == "conv1.bias");
    bias.dtype = DType::bf16;
    bias.bytes.assign(10, std::byte{0x40});
    CHECK(model_from(file, "f").parameters.at("conv1.bias").values == std::vector<float>(5, 3.0f));
    bias.dtype = DType::i16;
    CHECK(contains(refusal([&] { model_from(file, "f"); }),
                   "\"conv1.bias\" is of type I16, and a network's numbers have fractions; save the model"));
}

TEST_CASE("counters of other programs are ignored") {
    SafeTensors file = foreign_file(model_of(5));
    for (const char* name : {"total_ops", "conv1.total_params", "bn2.total_ops"}) {
        file.tensors.push_back({name, DType::f64, {1}, std::vector<std::byte>(8)});
    }
    file.tensors.push_back({"other.num_batches_tracked", DType::i32, {}, std::vector<std::byte>(4)});
    check_same(model_from(file, "f").parameters, model_of(5).parameters);
}

TEST_CASE("the notes say what was inferred and what was assumed") {
    SafeTensors file = foreign_file(model_of(5));
    file.metadata = {{"format", "pt"}};
    CHECK(model_from(file, "f").notes ==
          std::vector<std::string>{
              "no architecture in the file: inferred from its tensors: conv 3x3, "
              "3 -> 5 -> 3, batch norm; assumed: activation none, residual true, norm "
              "before, decay 0.9, epsilon 1e-05, stride 1, same padding, pixels in 0..1, others by --range"});
    CHECK(
        contains(notes_with({}, {}, model_of(2, 7, "none")),
                 "conv 7x7, 3 -> 2 -> 3, no batch norm; assumed: activation none, residual true, stride 1"));
    CHECK(contains(notes_with({}, {}, model_of(3)), "order: \"conv1\", \"bn1\", \"conv2\", \"bn2\"\n"));
}

TEST_CASE("a gap in the indices of an nn.Sequential tells of an activation") {
    const char* const advice = "most likely an activation: it is assumed to be none; metadata 'activation'";
    const std::string notes = notes_with({}, sequential);
    CHECK(contains(notes, "a layer without parameters between \"1\" and \"3\", most likely"));
    CHECK(contains(notes, advice));
    CHECK_FALSE(contains(notes_with({{"activation", "relu"}}, sequential), "gap"));
    CHECK_FALSE(contains(notes_with({{"activation", "relu"}}, sequential), "without parameters"));
    CHECK_FALSE(contains(notes_with({}, {{"conv1", "0"}, {"bn1", "1"}, {"conv2", "2"}, {"bn2", "3"}}),
                         "without parameters"));
    CHECK_FALSE(contains(notes_with({}, {{"conv1", "a.0"}, {"bn1", "a.1"}, {"conv2", "b.3"}, {"bn2", "b.4"}}),
                         "without"));
    CHECK(contains(notes_with({}, {{"conv1", "n.0"}, {"bn1", "n.2"}, {"conv2", "n.3"}, {"bn2", "n.4"}}),
                   "between \"n.0\" and \"n.2\", most likely"));
    CHECK(contains(notes_with({}, {{"conv1", "0"}, {"conv2", "2"}}, model_of(5, 3, "none")), advice));

    // Where no network of ours has an activation, metadata cannot settle it.
    const ModuleNames late = {{"conv1", "1"}, {"bn1", "2"}, {"conv2", "3"}, {"bn2", "5"}};
    const std::string left_out = notes_with({{"activation", "relu"}}, late);
    CHECK(contains(left_out, "before \"1\", which no network of this program has there"));
    CHECK(contains(left_out, "between \"3\" and \"5\", which no network"));
}

TEST_CASE("metadata that is there wins over what would be assumed") {
    SafeTensors file = foreign_file(model_of(5), sequential);
    file.metadata = {{"activation", "tanh"}, {"residual", "false"}, {"epsilon", "0.001"}};
    const Model model = model_from(file, "f");
    NetworkOptions expected;
    expected.hidden = 5;
    expected.activation = "tanh";
    expected.residual = false;
    expected.epsilon = 0.001f;
    CHECK(model.network == two_layer_network(expected));
    REQUIRE(model.notes.size() == 1);
    CHECK(model.notes[0] ==
          "only a part of the architecture in the file (activation, epsilon, residual): the rest inferred "
          "from its tensors: conv 3x3, 3 -> 5 -> 3, batch norm; assumed: norm before, decay 0.9, stride 1, "
          "same padding, pixels in 0..1, others by --range");
}

TEST_CASE("metadata that is wrong, or contradicts the tensors, is refused") {
    const auto with = [](const char* key, const char* value) {
        return refusal_after([&](SafeTensors& file) { file.metadata[key] = value; });
    };
    CHECK(contains(with("activation", "ReLU"), "activation is \"ReLU\""));
    CHECK(contains(with("decay", "much"), "'decay' is \"much\""));
    CHECK(contains(with("hidden", "4"), "\"0.weight\" is [5,3,3,3], and the architecture needs [4,3,3,3]"));
    CHECK(contains(with("kernel", "5"), "the architecture needs [5,3,5,5]"));
    CHECK(contains(with("norm", "none"), "'norm' is \"none\", and it has batch norms"));
    SafeTensors plain = foreign_file(model_of(5, 3, "none"));
    plain.metadata["norm"] = "after";
    CHECK(
        contains(refusal([&] { model_from(plain, "f"); }), "'norm' is \"after\", and it has no batch norm"));
}

TEST_CASE("other networks are refused by what was found") {
    using F = SafeTensors;
    const auto added = [](const std::string& name, const Shape4& shape) {
        return refusal_after([&](F& f) { f.tensors.push_back(zeros(name, shape)); });
    };
    CHECK(contains(added("6.weight", {3, 3, 3, 3}), "it has 3 convolutions: \"0\", \"3\", \"6\"; a model"));
    CHECK(contains(added("fc.weight", {10, 3}),
                   "\"fc\" is neither a convolution nor a batch norm, with "
                   "\"fc.weight\" [10,3]"));
    CHECK(contains(added("fc.bias", {10}), "\"fc\" is neither a convolution nor a batch norm; a model"));
    CHECK(contains(added("alpha", {1}), "it has a tensor \"alpha\" [1]; a model"));
    CHECK(contains(added("0.scale", {1}), "it has a tensor \"0.scale\" [1]"));
    CHECK(contains(added("a\nb.scale", {1}), "\"a\\nb.scale\""));
    CHECK(contains(added("0.running_mean", {5}), "\"0\" is neither"));
    CHECK(contains(refusal_after([](F& f) { f.tensors.clear(); }), "it has no convolutions; a model"));
    CHECK(contains(refusal_after([](F& f) { remove(f, "4.running_var"); }), "\"4\" is neither"));
    CHECK(contains(refusal_after([](F& f) {
                       std::erase_if(f.tensors, [](const SafeTensor& t) { return t.name.starts_with("4."); });
                   }),
                   "it has 1 batch norm: \"1\""));
}

TEST_CASE("tensors that do not fit each other are refused by their own names") {
    using F = SafeTensors;
    const auto shaped = [](const char* name, const Shape4& shape, std::uint32_t hidden = 5) {
        return refusal_after([&](F& f) { reshape(f, name, shape); }, hidden);
    };
    CHECK(contains(shaped("0.weight", {5, 1, 3, 3}), "its convolutions are"));
    CHECK(contains(shaped("3.weight", {3, 4, 3, 3}), "\"3.weight\" [3,4,3,3]"));
    CHECK(contains(shaped("3.weight", {3, 5, 1, 1}), "not of one size"));
    CHECK(contains(shaped("3.weight", {3, 5, 3, 1}), "not of one size"));
    CHECK(contains(shaped("0.bias", {3}), "\"0.bias\" is [3], and the architecture needs [5]"));
    CHECK(contains(shaped("1.running_mean", {4}), "5 hidden channels, and its batch norms are"));
    CHECK(contains(shaped("1.running_var", {5, 1}), "\"1.running_var\" is [5,1]"));
    CHECK(contains(shaped("4.weight", {1}), "\"4.weight\" is [1]"));
    const auto both = [](const Shape4& first, const Shape4& second) {
        return refusal_after([&](F& f) {
            reshape(f, "0.weight", first);
            reshape(f, "3.weight", second);
        });
    };
    CHECK(contains(both({5, 3, 2, 2}, {3, 5, 2, 2}), "not of one size"));
    CHECK(contains(both({5, 3, 9, 9}, {3, 5, 9, 9}), "odd and at most 7"));
    CHECK(contains(both({0, 3, 3, 3}, {3, 0, 3, 3}), "hidden channels may be 1 to 1024"));
    CHECK(contains(both({1025, 3, 1, 1}, {3, 1025, 1, 1}), "hidden channels may be 1 to 1024"));
    const std::uint64_t huge = (std::uint64_t{1} << 32) + 5;
    CHECK(contains(both({huge, 3, 0, 0}, {3, huge, 0, 0}), "not of one size"));
    const float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK(contains(refusal_after([&](F& f) { std::memcpy(f.tensors[0].bytes.data(), &nan, sizeof(nan)); }),
                   "\"0.weight\" holds nan at 0"));
}

TEST_CASE("an nn.Sequential that runs in another order is refused") {
    // A norm before each convolution: by their channels alone the norms would change places.
    const ModuleNames before = {{"bn2", "0"}, {"conv1", "1"}, {"bn1", "2"}, {"conv2", "3"}};
    for (const std::uint32_t hidden : {3u, 5u}) {
        const SafeTensors file = foreign_file(model_of(hidden), before);
        CHECK(contains(refusal([&] { model_from(file, "f"); }), "does not run in the order \"1\", \""));
    }
}

}  // namespace shadenet
