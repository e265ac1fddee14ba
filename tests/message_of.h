// What a call that is refused says.
#pragma once

#include <string>

namespace shadenet::test {

/// What `call` throws as an E; empty when it throws none. Anything else passes through.
template <typename E, typename Call>
std::string message_of(const Call& call) {
    try {
        call();
    } catch (const E& error) {
        return error.what();
    }
    return "";
}

}  // namespace shadenet::test
