stepwell_test(tst_views_plan LABEL gui LINK stepwell_views stepwell_test_samples SOURCES runpictures.cpp)
stepwell_test(tst_views_run LABEL gui LINK stepwell_views stepwell_test_samples SOURCES runpictures.cpp)
