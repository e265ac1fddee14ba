// What an exported ONNX file says. Whether others make of it what the network does: onnx_opencv_test.cpp, and
// scripts/check_onnx.sh.
#include "export/onnx.h"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../message_of.h"
#include "../onnx_cases/cases.h"
#include "base/error.h"
#include "catch.h"
#include "export/folded_norms.h"
#include "model/network_text.h"
#include "onnx.pb.h"
#include "reference/network.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

onnx::ModelProto exported(const Model& model, const OnnxOptions& options = {}) {
    onnx::ModelProto file;
    REQUIRE(file.ParseFromString(onnx_model(model, options, "m")));
    return file;
}

std::vector<std::string> kinds(const onnx::ModelProto& file) {
    std::vector<std::string> kinds;
    for (const onnx::NodeProto& node : file.graph().node()) kinds.push_back(node.op_type());
    return kinds;
}

/// "[batch,3,height,width]".
std::string extents(const onnx::ValueInfoProto& info) {
    std::vector<std::string> words;
    for (const auto& dimension : info.type().tensor_type().shape().dim()) {
        words.push_back(dimension.has_dim_param() ? dimension.dim_param()
                                                  : std::to_string(dimension.dim_value()));
    }
    return fmt::format("{} [{}]", info.name(), fmt::join(words, ","));
}

std::string ends(const onnx::ModelProto& file) {
    return extents(file.graph().input(0)) + " " + extents(file.graph().output(0));
}

std::map<std::string, std::string> entries(const onnx::ModelProto& file) {
    std::map<std::string, std::string> entries;
    for (const auto& entry : file.metadata_props()) entries[entry.key()] = entry.value();
    return entries;
}

using Kinds = std::vector<std::string>;

}  // namespace

TEST_CASE("an ONNX file has the network's layers, with norms as they are or folded") {
    const Model model =
        drawn_model("input 3 edge, conv 4 3x3, norm, leaky_relu, dropout 0.5, conv 3 3x3, norm, add input");
    const onnx::ModelProto file = exported(model, {.version = "1.2"});
    CHECK(file.ir_version() == 8);
    CHECK(file.opset_import(0).version() == 17);
    CHECK(file.producer_version() == "1.2");
    CHECK(kinds(file) == Kinds{"Pad", "Conv", "BatchNormalization", "LeakyRelu", "Conv", "BatchNormalization",
                               "Slice", "Add"});
    CHECK(ends(file) == "input [batch,3,height,width] output [batch,3,height,width]");
    CHECK(entries(file).at("network") == to_text(model.network));
    CHECK_THAT(entries(file).at("output"), ContainsSubstring("not clamped"));
    const onnx::ModelProto folded = exported(model, {.fold = true});
    CHECK(kinds(folded) == Kinds{"Pad", "Conv", "LeakyRelu", "Conv", "Slice", "Add"});
    const onnx::ModelProto zero = exported(drawn_model("input 3, conv 4 3x3, relu, conv 3 1x1"));
    CHECK(kinds(zero) == Kinds{"Conv", "Relu", "Conv"});
    const onnx::AttributeProto& pads = zero.graph().node(0).attribute(1);
    CHECK(pads.name() == "pads");
    CHECK(std::vector<std::int64_t>(pads.ints().begin(), pads.ints().end()) ==
          std::vector<std::int64_t>{1, 1, 1, 1});
    CHECK(kinds(exported(drawn_model("input 3, dropout 0.5"))) == Kinds{"Identity"});
}

TEST_CASE("an ONNX file takes any size, or the one that was asked for, or the network's own") {
    const Model filter = drawn_model("input 3 reflect, conv 3 5x5");
    CHECK(ends(exported(filter, {.size = {{48, 64}}})) == "input [1,3,48,64] output [1,3,48,64]");
    CHECK(message_of<InputError>([&] {
              onnx_model(filter, {.size = {{2, 64}}}, "m");
          }) ==
          "m: its network mirrors 2 pixels at every edge, and ONNX mirrors no picture of 2x64 so far; give "
          "--static "
          "3 or more a side");
    const Model halved = drawn_model("input 3, conv 3 3x3 stride 2");
    CHECK(ends(exported(halved)) ==
          "input [batch,3,height,width] output [batch,3,output_height,output_width]");
    CHECK(ends(exported(halved, {.size = {{5, 8}}})) == "input [1,3,5,8] output [1,3,3,4]");
    const Model classifier = drawn_model("input 1x6x4, dense 5, relu, dense 3");
    CHECK(ends(exported(classifier)) == "input [batch,1,6,4] logits [batch,3]");
    CHECK(entries(exported(classifier)).at("classes") == "[\"class 0\",\"class 1\",\"class 2\"]");
    CHECK(message_of<InputError>([&] {
              onnx_model(classifier, {.size = {{4, 6}}}, "m");
          }) ==
          "m: its network takes pictures of 6x4 (rows x columns) alone, and not of 4x6; leave --static out, "
          "or give "
          "that");
    const Model averaged = drawn_model("input 3, conv 5 3x3, average");
    CHECK(ends(exported(averaged)) == "input [batch,3,height,width] logits [batch,5]");
}

TEST_CASE("folding norms leaves the function as it is, and those that cannot be folded") {
    for (OnnxCase& one : onnx_cases()) {
        if (one.name == "all-cnn" || one.name == "mlp-dropout") continue;  // large, and nothing new
        INFO(one.name);
        if (one.model.network.input.h == 0) one.pictures = {1, 3, 9, 11};
        const WeightedNetwork folded = fold_norms(one.model.network, one.model.parameters);
        const OnnxCase same{
            one.name,
            {folded.network, folded.parameters, {}, {}, false, false, {}, {}, one.model.classes},
            one.pictures};
        const std::vector<double> expected = case_results(one), made = case_results(same);
        REQUIRE(made.size() == expected.size());
        double worst = 0;
        for (std::size_t i = 0; i < made.size(); ++i)
            worst = std::max(worst, std::abs(made[i] - expected[i]));
        CHECK(worst < 2e-6);  // weights are rounded to float32 once more
    }
    const auto folded_text = [](const std::string& text) {
        const Model model = drawn_model(text);
        return to_text(fold_norms(model.network, model.parameters).network);
    };
    CHECK(folded_text("input 3, conv 3 3x3, norm, norm, relu, conv 3 3x3, norm, add relu1") ==
          to_text(parse_network("input 3, conv 3 3x3, relu, conv 3 3x3, add relu1", "")));
    const std::string kept = "input 3, norm, conv 3 3x3, relu, norm, conv 3 1x1, norm, add conv2";
    CHECK(folded_text(kept) == to_text(parse_network(kept, "")));
}
