// SPDX-License-Identifier: Apache-2.0
/// \file export.h
/// Marks what a shared library shows; all other symbols are hidden.
#pragma once

#if defined(_WIN32) && defined(RHEOBASE_SHARED)
#ifdef RHEOBASE_BUILDS
#define RHEOBASE_API __declspec(dllexport)
#else
#define RHEOBASE_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define RHEOBASE_API __attribute__((visibility("default")))
#else
#define RHEOBASE_API
#endif
