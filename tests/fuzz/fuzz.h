// What the fuzz targets share.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.h"

namespace shadenet::fuzz {

/// A finding, unless `message` is one line.
inline void expect_one_line(const std::string& message) {
    if (!message.empty() && message.find('\n') == std::string::npos) return;
    std::fprintf(stderr, "not one line: %s\n", message.c_str());
    std::abort();
}

/// An InputError is all that may leave `call`. libFuzzer takes any other exception for a finding.
template <typename Call>
void read_or_refuse(const Call& call) {
    try {
        call();
    } catch (const InputError& error) {
        expect_one_line(error.what());
    }
}

}  // namespace shadenet::fuzz
