// How the metadata of a file says which network it holds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "model/network.h"
#include "model/presets.h"

namespace shadenet {

/// The entries of a two-layer network, for other programs and older readers: hidden, kernel, activation,
/// norm, residual, decay, epsilon, and what is not as usual of center, scale, range and padding.
std::map<std::string, std::string> to_metadata(const NetworkOptions& options);
/// to_metadata() for comparing: with `center`, `scale`, `range` and `padding` where they are as usual, too.
std::map<std::string, std::string> network_identity(const NetworkOptions& options);
/// Throws InputError "<source>: ..." for a missing or bad entry.
NetworkOptions options_from_metadata(const std::map<std::string, std::string>& metadata,
                                     const std::string& source);

/// Adds `network`, the canonical text, and beside it a two-layer network's own entries.
void append_network(std::map<std::string, std::string>& metadata, const Network& network);
/// By the text, or by all of a two-layer network's entries; none where the metadata has neither. Throws
/// InputError "<source>: ..." for a bad entry, and where text and entries are of different networks.
std::optional<Network> network_from(const std::map<std::string, std::string>& metadata,
                                    const std::string& source);

/// What is to be said of a "network" entry that network_from() passes over, as other programs may have one of
/// that name; empty where there is none.
std::string unused_network_note(const std::map<std::string, std::string>& metadata);

/// The first thing that two networks have not in common: "hidden", "16" and "32" of two-layer networks, "line
/// 3" and the lines of their texts in quotes of others.
struct NetworkDifference {
    std::string what, first, second;
};
/// None where they are the same.
std::optional<NetworkDifference> difference(const Network& first, const Network& second);

/// The whole number under the key, which must be there. Throws InputError "<source>: ..." for anything else.
std::uint64_t whole_entry(const std::map<std::string, std::string>& metadata, const char* key,
                          const std::string& source);
/// "true" or "false" under the key, which must be there. Throws InputError "<source>: ..." for anything else.
bool yes_or_no(const std::map<std::string, std::string>& metadata, const char* key,
               const std::string& source);

}  // namespace shadenet
