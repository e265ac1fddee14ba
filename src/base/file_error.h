// What the system says when a file cannot be used, and what to do about it.
#pragma once

#include <string>
#include <system_error>

namespace shadenet {

/// What errno says now.
std::error_code last_error();

/// What to do about the error: "free some space on that disk, or choose another folder". Follows a ";".
std::string advice(std::error_code error);

/// "No space left on device; free some space on that disk, or choose another folder".
std::string reason_and_advice(std::error_code error);

}  // namespace shadenet
