// The fields of a value as texts, in an order that writer and reader share.
#pragma once

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/number.h"
#include "group/texts.h"

namespace shadenet {

/// Numbers as they lie in memory: for ranks, whose machines are of one kind.
template <class Value>
std::string values_text(std::span<const Value> values) {
    const auto bytes = std::as_bytes(values);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
/// Adds the numbers that values_text() has put there.
template <class Value>
void append_values(std::vector<Value>& values, std::string_view text) {
    const std::size_t before = values.size();
    values.resize(before + text.size() / sizeof(Value));
    if (!text.empty()) std::memcpy(values.data() + before, text.data(), text.size());
}

class TextWriter {
  public:
    explicit TextWriter(Texts& texts) : texts_(texts) {}
    template <class Value>
    void operator()(const Value& value) {
        texts_.push_back(fmt::format("{}", value));
    }
    void operator()(const std::filesystem::path& path) { texts_.push_back(path.string()); }
    void operator()(const Texts& list) {
        (*this)(list.size());
        texts_.insert(texts_.end(), list.begin(), list.end());
    }

  private:
    Texts& texts_;
};

class TextReader {
  public:
    explicit TextReader(const Texts& texts) : texts_(texts) {}
    bool is_at_end() const { return at_ == texts_.size(); }
    template <class Number>
    void operator()(Number& number) {
        number = number_in<Number>(texts_.at(at_++)).value();  // else the two have another order
    }
    void operator()(std::string& text) { text = texts_.at(at_++); }
    void operator()(std::filesystem::path& path) { path = texts_.at(at_++); }
    void operator()(Texts& list) {
        std::size_t size = 0;
        (*this)(size);
        list.resize(size);
        for (std::string& text : list) (*this)(text);
    }

  private:
    const Texts& texts_;
    std::size_t at_ = 0;
};

}  // namespace shadenet
