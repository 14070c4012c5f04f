// PyConfig
