# The three kinds of targets: a layer's library, a program, a test.

set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

add_library(stepwell_options INTERFACE)
target_compile_features(stepwell_options INTERFACE cxx_std_23)
target_include_directories(stepwell_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(stepwell_options INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess> # ccache needs it
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers
    $<$<BOOL:${STEPWELL_WERROR}>:-Werror>
    $<$<BOOL:${STEPWELL_SANITIZE}>:-fsanitize=address,undefined -fno-omit-frame-pointer>
    $<$<BOOL:${STEPWELL_FUZZ}>:-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer>)
target_link_options(stepwell_options INTERFACE
    $<$<BOOL:${STEPWELL_SANITIZE}>:-fsanitize=address,undefined>
    $<$<BOOL:${STEPWELL_FUZZ}>:-fsanitize=address,undefined>)
target_compile_definitions(stepwell_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_KEYWORDS QT_USE_QSTRINGBUILDER)

# Precompiled headers, one for the engine and one for the window's layers, made once for all targets.
function(stepwell_precompiled name qt)
    add_library(${name} OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cpp)
    target_link_libraries(${name} PRIVATE stepwell_options ${qt})
    target_precompile_headers(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/${name}.h)
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
endfunction()

# stepwell_library(NAME [WIDGETS] SOURCES file… LINK target…): a static library, one a folder. The link line is
# the layer rule: a folder may include only what it links.
function(stepwell_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "WIDGETS" "" "SOURCES;LINK")
    if(arg_SOURCES)
        add_library(${name} STATIC ${arg_SOURCES})
        target_link_libraries(${name} PUBLIC stepwell_options ${arg_LINK})
        if(arg_WIDGETS)
            target_precompile_headers(${name} REUSE_FROM pch_widgets)
        else()
            target_precompile_headers(${name} REUSE_FROM pch_core)
        endif()
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE stepwell_options ${arg_LINK})
    endif()
endfunction()

# stepwell_test(NAME LABEL unit|gui|postgres|differential|packaging [TIMEOUT seconds] LINK target…):
# builds NAME.cpp of the current folder and registers it. A differential test has a long form (STEPWELL_LONG).
function(stepwell_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;TIMEOUT" "LINK;SOURCES")
    add_executable(${name} ${name}.cpp ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE stepwell_options Qt6::Test ${arg_LINK})
    target_precompile_headers(${name} REUSE_FROM pch_core)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS ${arg_LABEL}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LANG=C.UTF-8;XDG_CACHE_HOME=${CMAKE_BINARY_DIR}/tests/cache;STEPWELL_SOURCE=${CMAKE_SOURCE_DIR};STEPWELL_BINARY=${CMAKE_BINARY_DIR}/bin/stepwell")
    if(arg_LABEL STREQUAL differential)
        set_property(GLOBAL APPEND PROPERTY stepwell_long_tests ${name})
    endif()
endfunction()
