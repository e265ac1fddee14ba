// Comparing names without regard to case.
#pragma once

#include <string>

namespace shadenet {

/// A to Z become a to z, in every locale; all other bytes stay as they are.
inline std::string lower_case(std::string text) {
    for (char& letter : text) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return text;
}

}  // namespace shadenet
