set(BROWSE_SOURCES
    attention.cpp attention.h
    chip.cpp chip.h
    lanelayout.cpp lanelayout.h
    overviewmodel.cpp overviewmodel.h
    revisionfiltermodel.cpp revisionfiltermodel.h
    revisionlistmodel.cpp revisionlistmodel.h
    revisionrows.cpp
    targetfacts.cpp targetfacts.h
    targettreemodel.cpp targettreemodel.h)
