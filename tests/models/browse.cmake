stepwell_library(stepwell_test_samples
    SOURCES sampletargets.cpp sampletargets.h
    LINK stepwell_status)
stepwell_test(tst_lanelayout LABEL unit LINK stepwell_models)
stepwell_test(tst_revisionlistmodel LABEL unit LINK stepwell_models stepwell_test_samples)
stepwell_test(tst_targettreemodel LABEL unit LINK stepwell_models stepwell_test_samples)
stepwell_test(tst_overviewmodel LABEL unit LINK stepwell_models stepwell_test_samples)
