// Names that are compared without regard to case.
#pragma once

#include <string>

namespace shadenet {

/// The letters A to Z as a to z, in every locale; all other bytes as they are.
inline std::string lower_case(std::string text) {
    for (char& letter : text) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return text;
}

}  // namespace shadenet
