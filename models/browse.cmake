set(BROWSE_SOURCES
    chip.cpp chip.h)
