// The help: all keys, drawn over everything else.
#pragma once

#include "viewer/layout.h"

namespace shadenet {

class HelpOverlay {
  public:
    bool open() const { return open_; }
    void toggle() { open_ = !open_; }
    /// Handles its keys, and draws the help if it is open; call it after all Dear ImGui windows have ended.
    void draw(Layout& layout);

  private:
    bool open_ = false, shown_ = false;
};

}  // namespace shadenet
