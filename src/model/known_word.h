// Words of options and files, and what is said of those that are not known.
#pragma once

#include <string>

#include "base/error.h"
#include "base/words.h"
#include "model/safetensors_header.h"

namespace shadenet {

/// The value with the word `text`. Throws InputError "optimizer "x" is not known; use adam or sgd".
template <typename Enum, std::size_t count>
Enum known_word(const Words<Enum, count>& words, const char* what, const std::string& text) {
    if (const auto value = words.value(text)) return *value;
    throw InputError(fmt::format("{} {} is not known; use {}", what, in_quotes(text), words.choices()));
}

}  // namespace shadenet
