"""Every count of the papers that can be computed, under the convention that the paper used."""

import pytest

from resnet_explorer.describe.table import layer_rows
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request


def planned(name: str) -> Plan:
    return plan(parse_request(name).network)


# name, every learnable scalar, without the scales and shifts of batch normalisation, multiply-adds; 0: not given
COUNTS = [
    ("imagenet-18:plain", 11_515_688, 11_507_880, 1_794_805_760),
    ("imagenet-18;shortcut=A", 11_515_688, 11_507_880, 1_794_805_760),
    ("imagenet-18", 11_689_512, 11_679_912, 1_814_073_344),
    ("imagenet-34:plain", 21_623_848, 21_608_616, 3_644_493_824),
    ("imagenet-34;shortcut=A", 21_623_848, 21_608_616, 3_644_493_824),
    ("imagenet-34", 21_797_672, 21_780_648, 3_663_761_408),
    ("imagenet-34;shortcut=C", 22_716_840, 22_694_056, 3_830_747_136),
    ("imagenet-50", 25_557_032, 25_503_912, 3_857_973_248),
    ("imagenet-50;stride_at=spatial", 25_557_032, 25_503_912, 4_089_184_256),
    ("imagenet-101;stride_at=spatial", 0, 0, 7_801_405_440),
    ("imagenet-152", 60_192_808, 60_041_384, 11_282_415_616),
    ("imagenet-152;stride_at=spatial", 60_192_808, 60_041_384, 11_513_626_624),
    ("vgg-16", 138_357_544, 0, 15_470_264_320),
    ("vgg-19", 143_667_240, 0, 19_632_062_464),
    ("cifar-basic-20", 269_722, 268_346, 40_551_040),
    ("cifar-basic-32", 464_154, 461_882, 68_862_592),
    ("cifar-basic-56", 853_018, 848_954, 125_485_696),
    ("cifar-basic-110", 1_727_962, 1_719_866, 252_887_680),
    ("cifar-basic-1202", 19_421_274, 19_331_642, 2_829_238_912),
    ("cifar-basic-20;shortcut=B", 272_474, 0, 0),
    ("cifar-basic-32;shortcut=B", 466_906, 0, 0),
    ("cifar-basic-56;shortcut=B", 855_770, 0, 0),
    ("cifar-basic-110;shortcut=B", 1_730_714, 0, 0),
    ("cifar-basic-1202;shortcut=B", 19_424_026, 0, 0),
    ("cifar-basic-20;shortcut=C", 283_962, 0, 0),
    ("cifar-basic-32;shortcut=C", 489_594, 0, 0),
    ("cifar-basic-44;shortcut=C", 695_226, 0, 0),
    ("cifar-basic-56;shortcut=C", 900_858, 0, 0),
    ("cifar-basic-110;shortcut=C", 1_826_202, 0, 0),
    ("cifar-basic-110:conv bn relu conv bn blend relu", 1_824_186, 0, 0),
    ("cifar-bottleneck-164", 1_703_258, 1_679_034, 244_500_992),
    ("cifar-bottleneck-164;classes=100", 1_726_388, 1_702_164, 244_524_032),
    ("cifar-bottleneck-1001", 10_327_706, 10_178_490, 1_487_849_984),
    ("cifar-bottleneck-1001;classes=100", 10_350_836, 10_201_620, 1_487_873_024),
    ("cifar-bottleneck-164:original", 1_704_154, 1_679_034, 244_500_992),
    ("cifar-bottleneck-1001:original", 10_328_602, 10_178_490, 1_487_849_984),
    ("wrn-40-1", 563_930, 0, 83_280_512),
    ("wrn-40-2", 2_243_546, 0, 327_599_360),
    ("wrn-40-4", 8_949_210, 0, 1_298_582_016),
    ("wrn-40-8", 35_748_314, 0, 5_172_024_320),
    ("wrn-28-10", 36_479_194, 0, 5_243_328_768),
    ("wrn-28-10;classes=100", 36_536_884, 0, 0),
    ("wrn-22-10", 26_797_914, 0, 3_827_751_168),
    ("wrn-16-8", 10_961_370, 0, 1_548_145_664),
    ("wrn-16-4", 2_748_890, 0, 0),
    ("wrn-40-10", 55_841_754, 0, 8_074_483_968),
    ("wrn-40-2:bn relu conv bn relu conv1 +", 1_211_354, 0, 0),
    ("wrn-40-2:bn relu conv1 bn relu conv +", 1_297_370, 0, 0),
    ("wrn-28-2:bn relu conv bn relu conv +", 1_467_610, 0, 0),
    ("wrn-22-2:bn relu conv bn relu conv1 bn relu conv +", 1_145_498, 0, 0),
    ("wrn-40-2:bn relu conv +;depths=12,12,12", 2_243_546, 0, 0),
    ("wrn-40-2:bn relu conv bn relu conv bn relu conv +;depths=4,4,4", 2_243_546, 0, 0),
    ("wrn-40-2:bn relu conv bn relu conv bn relu conv bn relu conv +;depths=3,3,3", 2_243_546, 0, 0),
    ("imagenet-18;width=1.5", 25_875_816, 0, 0),
    ("imagenet-18;width=2", 45_618_216, 0, 0),
    ("imagenet-18;width=3", 101_783_976, 0, 0),
    ("imagenet-34;width=1.5", 48_613_608, 0, 0),
    ("imagenet-34;width=2", 86_036_008, 0, 0),
    ("imagenet-50;ratio=2", 68_883_240, 0, 0),
    ("imagenet-50:full-preactivation;depths=3,24,36,3;stride_at=spatial", 64_666_152, 0, 15_007_481_856),
    ("resnext-50-1x64d", 25_557_032, 25_503_912, 4_089_184_256),
    ("resnext-50-2x40d", 25_425_000, 0, 0),
    ("resnext-50-4x24d", 25_292_968, 0, 0),
    ("resnext-50-8x14d", 25_603_016, 0, 0),
    ("resnext-50-32x4d", 25_028_904, 24_960_680, 4_230_479_872),
    ("resnext-101-32x4d", 44_177_704, 44_039_848, 7_969_996_800),
    ("resnext-29-8x64d", 34_426_698, 34_369_226, 5_387_266_048),
    ("res2net-50-26w-4s", 25_699_120, 0, 4_255_166_464),
    ("res2net-50-14w-8s", 25_059_816, 0, 4_178_898_944),
    ("res2next-50-8c-4w-4s", 24_671_464, 0, 4_172_677_120),
    ("res2next-29-8c-25w-4s", 33_812_986, 0, 0),
    ("horesnet-euler-26", 366_842, 0, 13_677_184),
    ("horesnet-midpoint-26", 366_842, 0, 13_677_184),
    ("horesnet-rk4-26", 366_842, 0, 13_677_184),
    ("horesnet-rk4-26;stem=conv bn relu", 366_842, 0, 54_706_816),
    ("cifar-basic-56;shortcut=B;width=2", 3_412_394, 0, 0),
    ("cifar-basic-56;shortcut=B;width=4", 13_628_234, 0, 0),
    ("cifar-basic-56;shortcut=B;width=8", 54_470_282, 0, 0),
]


@pytest.mark.parametrize(("name", "params", "without_bn", "macs"), COUNTS)
def test_counts_are_those_of_the_papers_networks(name: str, params: int, without_bn: int, macs: int) -> None:
    network_plan = planned(name)
    assert network_plan.params == (params or network_plan.params)
    assert network_plan.params_without_bn == (without_bn or network_plan.params_without_bn)
    assert network_plan.macs == (macs or network_plan.macs)


# what the papers print, in millions, with its digits, and whether they counted batch normalisation
PRINTED = [
    ("cifar-basic-20", "0.27", True),
    ("cifar-basic-32", "0.46", True),
    ("cifar-basic-56", "0.85", True),
    ("cifar-basic-110", "1.7", True),
    ("cifar-basic-1202", "19.4", True),
    ("cifar-bottleneck-164", "1.7", False),
    ("cifar-bottleneck-1001", "10.2", False),
    ("wrn-40-1", "0.6", True),
    ("wrn-40-2", "2.2", True),
    ("wrn-40-4", "8.9", True),
    ("wrn-40-8", "35.7", True),
    ("wrn-28-10", "36.5", True),
    ("wrn-22-10", "26.8", True),
    ("wrn-16-8", "11.0", True),
    ("resnext-50-1x64d", "25.5", False),
    ("resnext-50-32x4d", "25.0", False),
    ("resnext-29-8x64d", "34.4", False),
    ("res2net-50-26w-4s", "25.70", True),
    ("res2net-50-14w-8s", "25.06", True),
    ("res2next-50-8c-4w-4s", "24.67", True),
    ("res2next-29-8c-25w-4s", "33.8", True),
]


@pytest.mark.parametrize(("name", "millions", "with_bn"), PRINTED)
def test_parameters_round_to_what_the_paper_prints(name: str, millions: str, with_bn: bool) -> None:
    network_plan = planned(name)
    count = network_plan.params if with_bn else network_plan.params_without_bn
    digits = len(millions.partition(".")[2])
    assert f"{count / 1e6:.{digits}f}" == millions


# He 2015, Table 1, in billions; its numbers for 50 layers fit no rounding, so they are met to 0.06
FLOPS = [
    ("imagenet-18;shortcut=A", 1.8, 0.05),
    ("imagenet-34;shortcut=A", 3.6, 0.05),
    ("imagenet-50", 3.8, 0.06),
    ("imagenet-152", 11.3, 0.05),
    ("vgg-19", 19.6, 0.05),
    ("resnext-50-1x64d", 4.1, 0.05),
    ("resnext-50-32x4d", 4.2, 0.05),
    # Res2Net's column is not that of convolutions and fully connected layers alone
    ("res2net-50-26w-4s", 4.2, 0.12),
    ("res2net-50-14w-8s", 4.2, 0.12),
]


@pytest.mark.parametrize(("name", "billions", "tolerance"), FLOPS)
def test_multiply_adds_are_those_of_the_papers_table(name: str, billions: float, tolerance: float) -> None:
    assert abs(planned(name).macs / 1e9 - billions) <= tolerance


def test_vgg_16_meets_the_papers_count_only_without_its_fully_connected_layers() -> None:
    network_plan = planned("vgg-16")
    connected = sum(row.macs for row in layer_rows(network_plan) if row.op.startswith("fc"))
    assert (network_plan.macs - connected, connected) == (15_346_630_656, 123_633_664)


def test_resnet_34_needs_18_percent_of_the_multiply_adds_of_vgg_19() -> None:
    assert int(100 * planned("imagenet-34").macs / planned("vgg-19").macs) == 18


def test_option_c_has_thirteen_projections_more_than_option_b() -> None:
    projections = {
        option: sum(
            row.part == "skip" and row.op == "conv1" for row in layer_rows(planned(f"imagenet-34;shortcut={option}"))
        )
        for option in "BC"
    }
    assert projections == {"B": 3, "C": 16}


def unit_params(name: str, stage: int, unit: int) -> int:
    return sum(row.params for row in layer_rows(planned(name)) if (row.stage, row.unit) == (stage, unit))


def conv_params(name: str, stage: int, unit: int) -> int:
    return sum(
        row.params for row in layer_rows(planned(name)) if (row.stage, row.unit, row.op[:4]) == (stage, unit, "conv")
    )


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("imagenet-34", 73_728),
        ("imagenet-50", 69_632),
        ("resnext-50-1x64d", 69_632),
        ("resnext-50-2x40d", 69_760),
        ("resnext-50-4x24d", 69_888),
        ("resnext-50-8x14d", 71_456),
        ("resnext-50-32x4d", 70_144),
    ],
)
def test_weights_of_one_unit_are_those_of_the_paper(name: str, params: int) -> None:
    assert conv_params(name, 1, 2) == params


@pytest.mark.parametrize("ordering", ["original", "bn-after-addition", "relu-before-addition"])
def test_orderings_of_one_depth_have_equal_parameters(ordering: str) -> None:
    assert planned(f"cifar-basic-110:{ordering}").params == 1_727_962


@pytest.mark.parametrize("ordering", ["relu-only-preactivation", "full-preactivation", "plain"])
def test_pre_activation_orderings_have_the_parameters_of_the_original(ordering: str) -> None:
    assert planned(f"cifar-basic-110:{ordering}").params == 1_727_962


def test_a_first_unit_with_a_normalisation_of_its_own_has_32_parameters_more() -> None:
    assert planned("cifar-basic-110:full-preactivation;bare=off").params == 1_727_962 + 32


def test_resnet_1001_has_333_units_of_nine_layers_a_step() -> None:
    network_plan = planned("cifar-bottleneck-1001")
    assert (network_plan.unit_count, network_plan.depth) == (333, 1001)


def test_res2next_29_with_the_pooled_split_has_fewer_parameters() -> None:
    block = "conv1 bn relu res2(4, groups=8) conv1 bn + relu"
    assert planned(f"res2next-29-8c-25w-4s:{block};classes=100").params == 32_957_436


@pytest.mark.parametrize(("name", "params"), [("res2net-50", 25_718_352), ("res2net-101", 45_225_920)])
def test_res2net_v1b_is_a_deep_stem_and_a_pooled_shortcut(name: str, params: int) -> None:
    stem = "conv(stride=2, width=32) bn relu conv(width=32) bn relu conv(width=64) bn relu maxpool(stride=2)"
    assert planned(f"{name}-26w-4s;stem={stem};down=avgpool conv1 bn").params == params


@pytest.mark.parametrize(("scheme", "units"), [("euler", 4), ("midpoint", 2), ("rk4", 1)])
def test_units_of_a_stage_cost_the_same_in_every_scheme(scheme: str, units: int) -> None:
    name = f"horesnet-{scheme}-26"
    assert sum(unit_params(name, 1, unit) for unit in range(1, units + 1)) == 18_688
    assert sum(unit_params(name, 2, unit) for unit in range(1, units + 1)) == 69_600


def wasp_params() -> int:
    return next(row.params for row in layer_rows(planned("unipose")) if row.op.startswith("wasp"))


def test_the_waterfall_has_the_parameters_of_the_authors_code() -> None:
    assert wasp_params() == 3_214_336
    assert wasp_params() - 256 * 256 == 3_148_800


def test_the_pyramid_has_almost_five_times_the_parameters_and_sees_less() -> None:
    wasp = planned("unipose").head[0]
    (aspp, _) = plan(parse_request("unipose;head=aspp(width=256) decoder").network).head
    assert aspp.params == 15_535_104
    assert aspp.params - wasp.params == 12_320_768
    assert (aspp.kernel_extent, wasp.kernel_extent) == (37, 73)


def test_unipose_has_all_parameters_of_the_authors_code_but_a_convolution_that_it_never_uses() -> None:
    unused = 2048 * 256 + 2 * 256
    network_plan = planned("unipose")
    head = sum(row.params for row in layer_rows(network_plan) if row.part == "head")
    assert network_plan.params + unused == 47_546_799
    assert network_plan.params - head == 42_500_160
    assert head - wasp_params() + unused == 1_832_303


def test_the_waterfall_sees_73_places_of_its_input() -> None:
    (wasp, _) = planned("unipose").head
    assert wasp.kernel_extent == 73
