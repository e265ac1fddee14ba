#version 450
#extension GL_GOOGLE_include_directive : require
// The four corners of the rectangle, as a strip of two triangles.
#include "show_picture_push.h"

layout(push_constant) uniform Push { ShowPicturePush push; };
layout(location = 0) out vec2 uv;

void main() {
    vec2 corner = vec2(gl_VertexIndex & 1, gl_VertexIndex >> 1);
    uv = mix(vec2(push.u_left, push.v_top), vec2(push.u_right, push.v_bottom), corner);
    gl_Position = vec4(mix(vec2(push.left, push.top), vec2(push.right, push.bottom), corner), 0.0, 1.0);
}
