set(BROWSE_SOURCES
    theme.cpp theme.h)
