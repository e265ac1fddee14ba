#include "export/onnx_graph.h"

#include <bit>
#include <cstring>
#include <utility>

namespace shadenet {

namespace {

void describe_tensor(onnx::ValueInfoProto& info, const std::string& name,
                     const std::vector<OnnxExtent>& shape) {
    info.set_name(name);
    onnx::TypeProto::Tensor& type = *info.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    for (const OnnxExtent& extent : shape) {
        onnx::TensorShapeProto::Dimension& dimension = *type.mutable_shape()->add_dim();
        if (extent.name.empty()) {
            dimension.set_dim_value(extent.value);
        } else {
            dimension.set_dim_param(extent.name);
        }
    }
}

template <class Number>
void set_bytes(onnx::TensorProto& tensor, std::span<const Number> values) {
    static_assert(std::endian::native == std::endian::little, "the format's bytes are little-endian");
    std::string& bytes = *tensor.mutable_raw_data();
    bytes.resize(values.size_bytes());
    if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
}

onnx::TensorProto& add_constant(onnx::GraphProto& graph, const std::string& name,
                                onnx::TensorProto::DataType type) {
    onnx::TensorProto& tensor = *graph.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    return tensor;
}

}  // namespace

onnx::AttributeProto& OnnxNode::attribute(const char* name, onnx::AttributeProto::AttributeType type) {
    onnx::AttributeProto& added = *node_->add_attribute();
    added.set_name(name);
    added.set_type(type);
    return added;
}

OnnxNode& OnnxNode::with(const char* name, std::int64_t value) {
    attribute(name, onnx::AttributeProto::INT).set_i(value);
    return *this;
}

OnnxNode& OnnxNode::with(const char* name, float value) {
    attribute(name, onnx::AttributeProto::FLOAT).set_f(value);
    return *this;
}

OnnxNode& OnnxNode::with(const char* name, std::string_view value) {
    attribute(name, onnx::AttributeProto::STRING).set_s(std::string(value));
    return *this;
}

OnnxNode& OnnxNode::with(const char* name, const std::vector<std::int64_t>& values) {
    onnx::AttributeProto& added = attribute(name, onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) added.add_ints(value);
    return *this;
}

void OnnxGraph::add_input(const std::string& name, const std::vector<OnnxExtent>& shape) {
    describe_tensor(*graph_->add_input(), name, shape);
}

void OnnxGraph::add_output(const std::string& name, const std::vector<OnnxExtent>& shape) {
    describe_tensor(*graph_->add_output(), name, shape);
}

OnnxNode OnnxGraph::add(const char* kind, std::vector<std::string> inputs, const std::string& result) {
    onnx::NodeProto& node = *graph_->add_node();
    node.set_op_type(kind);
    node.set_name(result);
    for (std::string& input : inputs) node.add_input(std::move(input));
    node.add_output(result);
    return OnnxNode(node);
}

std::string OnnxGraph::constant(const std::string& name, const std::vector<std::uint32_t>& shape,
                                std::span<const float> values) {
    onnx::TensorProto& tensor = add_constant(*graph_, name, onnx::TensorProto::FLOAT);
    for (const std::uint32_t extent : shape) tensor.add_dims(extent);
    set_bytes(tensor, values);
    return name;
}

std::string OnnxGraph::constant(const std::string& name, float value) {
    return constant(name, {1}, std::span<const float>(&value, 1));
}

std::string OnnxGraph::constant(const std::string& name, const std::vector<std::int64_t>& values) {
    onnx::TensorProto& tensor = add_constant(*graph_, name, onnx::TensorProto::INT64);
    tensor.add_dims(static_cast<std::int64_t>(values.size()));
    set_bytes(tensor, std::span<const std::int64_t>(values));
    return name;
}

void OnnxGraph::rename(const std::string& from, const std::string& to) {
    for (onnx::NodeProto& node : *graph_->mutable_node()) {
        for (std::string& input : *node.mutable_input()) {
            if (input == from) input = to;
        }
        for (std::string& output : *node.mutable_output()) {
            if (output == from) output = to;
        }
    }
}

}  // namespace shadenet
