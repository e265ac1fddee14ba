// A graph of ONNX that grows node by node.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onnx.pb.h"

namespace shadenet {

/// An extent of a tensor: a number, or the name of one that the reader chooses.
struct OnnxExtent {
    std::int64_t value = 0;
    std::string name{};  ///< empty where the value counts
};

/// A node that can still be given attributes.
class OnnxNode {
  public:
    explicit OnnxNode(onnx::NodeProto& node) : node_(&node) {}

    OnnxNode& with(const char* name, std::int64_t value);
    OnnxNode& with(const char* name, float value);
    OnnxNode& with(const char* name, std::string_view value);
    OnnxNode& with(const char* name, const std::vector<std::int64_t>& values);

  private:
    onnx::AttributeProto& attribute(const char* name, onnx::AttributeProto::AttributeType type);

    onnx::NodeProto* node_;
};

/// Of float tensors. Names are the caller's, and each tensor's is another.
class OnnxGraph {
  public:
    explicit OnnxGraph(onnx::GraphProto& graph) : graph_(&graph) {}

    void add_input(const std::string& name, const std::vector<OnnxExtent>& shape);
    void add_output(const std::string& name, const std::vector<OnnxExtent>& shape);
    /// Its name is that of its result.
    OnnxNode add(const char* kind, std::vector<std::string> inputs, const std::string& result);
    /// Constants. Return the name.
    std::string constant(const std::string& name, const std::vector<std::uint32_t>& shape,
                         std::span<const float> values);
    std::string constant(const std::string& name, float value);
    std::string constant(const std::string& name, const std::vector<std::int64_t>& values);
    /// Calls a node's result, and all that read it, by another name.
    void rename(const std::string& from, const std::string& to);

  private:
    onnx::GraphProto* graph_;
};

}  // namespace shadenet
