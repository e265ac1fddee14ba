// Lists of layers that nobody thought of, drawn by a seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "model/network.h"

namespace shadenet::test {

/// What lists are drawn from.
enum class Repertoire {
    filters,     ///< convolutions, norms, relu, leaky_relu, tanh and sums; the mean squared error
    everything,  ///< dense layers, averages, dropout, sigmoid, elu, and labels too
};

/// A network as text, and examples that fit it: small enough for float64's plain loops, and with norms of so
/// many values a channel that float32 can follow them.
class RandomNetwork {
  public:
    RandomNetwork(std::uint64_t seed, Repertoire repertoire);

    const std::string& text() const { return text_; }
    /// Of a batch.
    const Shape& shape() const { return shape_; }
    /// Whether it is trained on labels, by the cross-entropy, rather than on tensors of its output's shape.
    bool on_labels() const { return on_labels_; }

  private:
    std::uint32_t between(std::uint32_t low, std::uint32_t high);
    bool chance(double share);
    template <typename Choice>
    const Choice& one_of(const std::vector<Choice>& choices) {
        return choices[between(0, static_cast<std::uint32_t>(choices.size()) - 1)];
    }

    void begin();
    void append_body();
    void append_head();
    std::string line();
    std::string conv();
    std::string norm();
    std::string activation();
    std::string dropout();
    /// False where the line fits neither the text nor the examples, or makes the network too large.
    bool append(const std::string& line);

    std::mt19937_64 random_;
    Repertoire repertoire_;
    std::string text_;
    Shape shape_, result_;
    bool on_labels_ = false;
    std::vector<std::string> names_ = {"input"};
};

}  // namespace shadenet::test
