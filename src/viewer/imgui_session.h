// Dear ImGui with its two backends and its font. The one place that knows its versions.
#pragma once

#include <memory>
#include <optional>

#include <imgui.h>

#include "gpu/device.h"
#include "gpu/texture_descriptors.h"
#include "viewer/key_queue.h"

struct GLFWwindow;

namespace shadenet {

/// One a process. The device and the window must outlive it.
class ImguiSession {
  public:
    ImguiSession(GLFWwindow* window, const Device& device, VkRenderPass render_pass);
    /// All frames must be done.
    ~ImguiSession();
    ImguiSession(const ImguiSession&) = delete;
    ImguiSession& operator=(const ImguiSession&) = delete;

    /// Font and sizes for a screen where things are `content_scale` times as many pixels as usual, of which
    /// `pixels_per_unit` are one of Dear ImGui's units. All frames must be done. Keeps what is there when
    /// nothing has changed: see fits().
    void set_scale(float content_scale, float pixels_per_unit);
    bool fits(float content_scale, float pixels_per_unit) const;

    void begin_frame();
    /// Ends a frame whose making has failed, whatever was begun in it.
    void abandon_frame();
    /// Draws what ImGui::Render() has made of the frame.
    void draw(VkCommandBuffer commands);

  private:
    struct Context {
        Context();
        ~Context() { ImGui::DestroyContext(); }
    };
    struct GlfwBackend {
        explicit GlfwBackend(GLFWwindow* window);
        ~GlfwBackend();
        void begin_frame();

#if IMGUI_VERSION_NUM < 18700
      private:
        static void on_key(GLFWwindow* window, int key, int scancode, int action, int mods);
        static inline GlfwBackend* only_ = nullptr;  ///< GLFW gives no other way from a window to us
        KeyQueue keys_;
#endif
    };
    struct VulkanBackend {
        VulkanBackend(const Device& device, VkRenderPass render_pass, VkDescriptorPool pool);
        ~VulkanBackend();
    };
    struct Scale {
        float content, per_unit;
        bool operator==(const Scale&) const = default;
    };

    const Device& device_;
    VkRenderPass render_pass_;
    Context context_;
    GlfwBackend glfw_;
    TextureDescriptors descriptors_;
    std::unique_ptr<VulkanBackend> vulkan_;  ///< made anew with every font
    std::optional<Scale> scale_;
};

}  // namespace shadenet
