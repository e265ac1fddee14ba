// A block of lines below everything else on a terminal, redrawn in place.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/terminal.h"

namespace shadenet {

/// What a block may fill, or it could not be redrawn. One column stays free, because some terminals wrap when
/// the last one is written, and so does the row below the block, where the cursor waits.
TerminalSize room_for_block(TerminalSize terminal);

/// Knows what stands on the terminal, and what to write there to change it; writes nothing itself. Each text
/// must be written whole, in their order. Nothing else in the program knows escape sequences.
class LiveBlock {
  public:
    /// Puts `lines` in the place of those before. They are ASCII, and cut at the terminal's width; of more
    /// than it has rows for the last ones are shown.
    std::string show(std::vector<std::string> lines, TerminalSize terminal);
    /// Takes the block off the screen, so that other lines can be written; put_back() shows it again below.
    std::string take_away(TerminalSize terminal);
    std::string put_back(TerminalSize terminal);

  private:
    std::string to_top(std::size_t columns) const;

    std::vector<std::string> lines_;
    std::vector<std::size_t> widths_;  ///< of the lines that are on the screen
};

}  // namespace shadenet
