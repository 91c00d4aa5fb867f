// Made by Scripts/console-files from the names of the files below Sources/WebConsole/Pages: do not edit.
#include "CWebConsole.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file_0[] = {
#embed "../WebConsole/Pages/app.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_1[] = {
#embed "../WebConsole/Pages/components/badge.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_2[] = {
#embed "../WebConsole/Pages/components/chart.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_3[] = {
#embed "../WebConsole/Pages/components/choice.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_4[] = {
#embed "../WebConsole/Pages/components/client-config.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_5[] = {
#embed "../WebConsole/Pages/components/client-config.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_6[] = {
#embed "../WebConsole/Pages/components/client-files.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_7[] = {
#embed "../WebConsole/Pages/components/cluster-watch.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_8[] = {
#embed "../WebConsole/Pages/components/copy.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_9[] = {
#embed "../WebConsole/Pages/components/dialog.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_10[] = {
#embed "../WebConsole/Pages/components/find.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_11[] = {
#embed "../WebConsole/Pages/components/form.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_12[] = {
#embed "../WebConsole/Pages/components/key-maker.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_13[] = {
#embed "../WebConsole/Pages/components/layout.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_14[] = {
#embed "../WebConsole/Pages/components/states.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_15[] = {
#embed "../WebConsole/Pages/components/table.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_16[] = {
#embed "../WebConsole/Pages/components/tabs.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_17[] = {
#embed "../WebConsole/Pages/components/topic-head.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_18[] = {
#embed "../WebConsole/Pages/components/virtual-list.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_19[] = {
#embed "../WebConsole/Pages/components/wizard.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_20[] = {
#embed "../WebConsole/Pages/components/wizard.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_21[] = {
#embed "../WebConsole/Pages/icon.svg" suffix(, 0) if_empty(0)
};
static const unsigned char file_22[] = {
#embed "../WebConsole/Pages/index.html" suffix(, 0) if_empty(0)
};
static const unsigned char file_23[] = {
#embed "../WebConsole/Pages/lib/api.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_24[] = {
#embed "../WebConsole/Pages/lib/bytes.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_25[] = {
#embed "../WebConsole/Pages/lib/dom.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_26[] = {
#embed "../WebConsole/Pages/lib/fleet.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_27[] = {
#embed "../WebConsole/Pages/lib/format.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_28[] = {
#embed "../WebConsole/Pages/lib/keep.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_29[] = {
#embed "../WebConsole/Pages/lib/keys.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_30[] = {
#embed "../WebConsole/Pages/lib/live.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_31[] = {
#embed "../WebConsole/Pages/lib/mirrors.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_32[] = {
#embed "../WebConsole/Pages/lib/properties.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_33[] = {
#embed "../WebConsole/Pages/lib/router.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_34[] = {
#embed "../WebConsole/Pages/lib/theme.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_35[] = {
#embed "../WebConsole/Pages/pages/api-keys/api-keys.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_36[] = {
#embed "../WebConsole/Pages/pages/clients/clients.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_37[] = {
#embed "../WebConsole/Pages/pages/cluster/cluster.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_38[] = {
#embed "../WebConsole/Pages/pages/connector/connector.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_39[] = {
#embed "../WebConsole/Pages/pages/connector/connector.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_40[] = {
#embed "../WebConsole/Pages/pages/connector/edit.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_41[] = {
#embed "../WebConsole/Pages/pages/connectors/connectors.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_42[] = {
#embed "../WebConsole/Pages/pages/connectors/connectors.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_43[] = {
#embed "../WebConsole/Pages/pages/connectors/datagen.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_44[] = {
#embed "../WebConsole/Pages/pages/connectors/key-step.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_45[] = {
#embed "../WebConsole/Pages/pages/connectors/templates.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_46[] = {
#embed "../WebConsole/Pages/pages/diff/bytes-view.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_47[] = {
#embed "../WebConsole/Pages/pages/diff/compare.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_48[] = {
#embed "../WebConsole/Pages/pages/diff/diff.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_49[] = {
#embed "../WebConsole/Pages/pages/diff/diff.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_50[] = {
#embed "../WebConsole/Pages/pages/diff/rows.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_51[] = {
#embed "../WebConsole/Pages/pages/diff/verify.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_52[] = {
#embed "../WebConsole/Pages/pages/environment/environment.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_53[] = {
#embed "../WebConsole/Pages/pages/environments/environments.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_54[] = {
#embed "../WebConsole/Pages/pages/group/group.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_55[] = {
#embed "../WebConsole/Pages/pages/group/group.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_56[] = {
#embed "../WebConsole/Pages/pages/group/reset.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_57[] = {
#embed "../WebConsole/Pages/pages/home/exercise.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_58[] = {
#embed "../WebConsole/Pages/pages/home/home.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_59[] = {
#embed "../WebConsole/Pages/pages/home/home.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_60[] = {
#embed "../WebConsole/Pages/pages/link/configs.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_61[] = {
#embed "../WebConsole/Pages/pages/link/lag.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_62[] = {
#embed "../WebConsole/Pages/pages/link/link.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_63[] = {
#embed "../WebConsole/Pages/pages/link/link.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_64[] = {
#embed "../WebConsole/Pages/pages/link/mirrors.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_65[] = {
#embed "../WebConsole/Pages/pages/links/create.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_66[] = {
#embed "../WebConsole/Pages/pages/links/credentials.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_67[] = {
#embed "../WebConsole/Pages/pages/links/links.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_68[] = {
#embed "../WebConsole/Pages/pages/login/login.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_69[] = {
#embed "../WebConsole/Pages/pages/login/login.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_70[] = {
#embed "../WebConsole/Pages/pages/messages/controls.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_71[] = {
#embed "../WebConsole/Pages/pages/messages/detail.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_72[] = {
#embed "../WebConsole/Pages/pages/messages/exchange.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_73[] = {
#embed "../WebConsole/Pages/pages/messages/feed.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_74[] = {
#embed "../WebConsole/Pages/pages/messages/file.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_75[] = {
#embed "../WebConsole/Pages/pages/messages/importer.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_76[] = {
#embed "../WebConsole/Pages/pages/messages/messages.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_77[] = {
#embed "../WebConsole/Pages/pages/messages/messages.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_78[] = {
#embed "../WebConsole/Pages/pages/messages/part.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_79[] = {
#embed "../WebConsole/Pages/pages/messages/produce.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_80[] = {
#embed "../WebConsole/Pages/pages/messages/query.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_81[] = {
#embed "../WebConsole/Pages/pages/messages/rows.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_82[] = {
#embed "../WebConsole/Pages/pages/messages/status.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_83[] = {
#embed "../WebConsole/Pages/pages/topic-configuration/topic-configuration.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_84[] = {
#embed "../WebConsole/Pages/pages/topic/preview.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_85[] = {
#embed "../WebConsole/Pages/pages/topic/topic.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_86[] = {
#embed "../WebConsole/Pages/pages/topics/create-topic.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_87[] = {
#embed "../WebConsole/Pages/pages/topics/topics.js" suffix(, 0) if_empty(0)
};
static const unsigned char file_88[] = {
#embed "../WebConsole/Pages/styles/base.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_89[] = {
#embed "../WebConsole/Pages/styles/components.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_90[] = {
#embed "../WebConsole/Pages/styles/data.css" suffix(, 0) if_empty(0)
};
static const unsigned char file_91[] = {
#embed "../WebConsole/Pages/styles/tokens.css" suffix(, 0) if_empty(0)
};

static const struct web_console_file files[] = {
    {"app.js", file_0, sizeof file_0 - 1},
    {"components/badge.js", file_1, sizeof file_1 - 1},
    {"components/chart.js", file_2, sizeof file_2 - 1},
    {"components/choice.js", file_3, sizeof file_3 - 1},
    {"components/client-config.css", file_4, sizeof file_4 - 1},
    {"components/client-config.js", file_5, sizeof file_5 - 1},
    {"components/client-files.js", file_6, sizeof file_6 - 1},
    {"components/cluster-watch.js", file_7, sizeof file_7 - 1},
    {"components/copy.js", file_8, sizeof file_8 - 1},
    {"components/dialog.js", file_9, sizeof file_9 - 1},
    {"components/find.js", file_10, sizeof file_10 - 1},
    {"components/form.js", file_11, sizeof file_11 - 1},
    {"components/key-maker.js", file_12, sizeof file_12 - 1},
    {"components/layout.js", file_13, sizeof file_13 - 1},
    {"components/states.js", file_14, sizeof file_14 - 1},
    {"components/table.js", file_15, sizeof file_15 - 1},
    {"components/tabs.js", file_16, sizeof file_16 - 1},
    {"components/topic-head.js", file_17, sizeof file_17 - 1},
    {"components/virtual-list.js", file_18, sizeof file_18 - 1},
    {"components/wizard.css", file_19, sizeof file_19 - 1},
    {"components/wizard.js", file_20, sizeof file_20 - 1},
    {"icon.svg", file_21, sizeof file_21 - 1},
    {"index.html", file_22, sizeof file_22 - 1},
    {"lib/api.js", file_23, sizeof file_23 - 1},
    {"lib/bytes.js", file_24, sizeof file_24 - 1},
    {"lib/dom.js", file_25, sizeof file_25 - 1},
    {"lib/fleet.js", file_26, sizeof file_26 - 1},
    {"lib/format.js", file_27, sizeof file_27 - 1},
    {"lib/keep.js", file_28, sizeof file_28 - 1},
    {"lib/keys.js", file_29, sizeof file_29 - 1},
    {"lib/live.js", file_30, sizeof file_30 - 1},
    {"lib/mirrors.js", file_31, sizeof file_31 - 1},
    {"lib/properties.js", file_32, sizeof file_32 - 1},
    {"lib/router.js", file_33, sizeof file_33 - 1},
    {"lib/theme.js", file_34, sizeof file_34 - 1},
    {"pages/api-keys/api-keys.js", file_35, sizeof file_35 - 1},
    {"pages/clients/clients.js", file_36, sizeof file_36 - 1},
    {"pages/cluster/cluster.js", file_37, sizeof file_37 - 1},
    {"pages/connector/connector.css", file_38, sizeof file_38 - 1},
    {"pages/connector/connector.js", file_39, sizeof file_39 - 1},
    {"pages/connector/edit.js", file_40, sizeof file_40 - 1},
    {"pages/connectors/connectors.css", file_41, sizeof file_41 - 1},
    {"pages/connectors/connectors.js", file_42, sizeof file_42 - 1},
    {"pages/connectors/datagen.js", file_43, sizeof file_43 - 1},
    {"pages/connectors/key-step.js", file_44, sizeof file_44 - 1},
    {"pages/connectors/templates.js", file_45, sizeof file_45 - 1},
    {"pages/diff/bytes-view.js", file_46, sizeof file_46 - 1},
    {"pages/diff/compare.js", file_47, sizeof file_47 - 1},
    {"pages/diff/diff.css", file_48, sizeof file_48 - 1},
    {"pages/diff/diff.js", file_49, sizeof file_49 - 1},
    {"pages/diff/rows.js", file_50, sizeof file_50 - 1},
    {"pages/diff/verify.js", file_51, sizeof file_51 - 1},
    {"pages/environment/environment.js", file_52, sizeof file_52 - 1},
    {"pages/environments/environments.js", file_53, sizeof file_53 - 1},
    {"pages/group/group.css", file_54, sizeof file_54 - 1},
    {"pages/group/group.js", file_55, sizeof file_55 - 1},
    {"pages/group/reset.js", file_56, sizeof file_56 - 1},
    {"pages/home/exercise.js", file_57, sizeof file_57 - 1},
    {"pages/home/home.css", file_58, sizeof file_58 - 1},
    {"pages/home/home.js", file_59, sizeof file_59 - 1},
    {"pages/link/configs.js", file_60, sizeof file_60 - 1},
    {"pages/link/lag.js", file_61, sizeof file_61 - 1},
    {"pages/link/link.css", file_62, sizeof file_62 - 1},
    {"pages/link/link.js", file_63, sizeof file_63 - 1},
    {"pages/link/mirrors.js", file_64, sizeof file_64 - 1},
    {"pages/links/create.js", file_65, sizeof file_65 - 1},
    {"pages/links/credentials.js", file_66, sizeof file_66 - 1},
    {"pages/links/links.js", file_67, sizeof file_67 - 1},
    {"pages/login/login.css", file_68, sizeof file_68 - 1},
    {"pages/login/login.js", file_69, sizeof file_69 - 1},
    {"pages/messages/controls.js", file_70, sizeof file_70 - 1},
    {"pages/messages/detail.js", file_71, sizeof file_71 - 1},
    {"pages/messages/exchange.js", file_72, sizeof file_72 - 1},
    {"pages/messages/feed.js", file_73, sizeof file_73 - 1},
    {"pages/messages/file.js", file_74, sizeof file_74 - 1},
    {"pages/messages/importer.js", file_75, sizeof file_75 - 1},
    {"pages/messages/messages.css", file_76, sizeof file_76 - 1},
    {"pages/messages/messages.js", file_77, sizeof file_77 - 1},
    {"pages/messages/part.js", file_78, sizeof file_78 - 1},
    {"pages/messages/produce.js", file_79, sizeof file_79 - 1},
    {"pages/messages/query.js", file_80, sizeof file_80 - 1},
    {"pages/messages/rows.js", file_81, sizeof file_81 - 1},
    {"pages/messages/status.js", file_82, sizeof file_82 - 1},
    {"pages/topic-configuration/topic-configuration.js", file_83, sizeof file_83 - 1},
    {"pages/topic/preview.js", file_84, sizeof file_84 - 1},
    {"pages/topic/topic.js", file_85, sizeof file_85 - 1},
    {"pages/topics/create-topic.js", file_86, sizeof file_86 - 1},
    {"pages/topics/topics.js", file_87, sizeof file_87 - 1},
    {"styles/base.css", file_88, sizeof file_88 - 1},
    {"styles/components.css", file_89, sizeof file_89 - 1},
    {"styles/data.css", file_90, sizeof file_90 - 1},
    {"styles/tokens.css", file_91, sizeof file_91 - 1},
};

const struct web_console_file *web_console_files(void) { return files; }

size_t web_console_file_count(void) { return sizeof files / sizeof files[0]; }
