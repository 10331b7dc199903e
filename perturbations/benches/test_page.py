"""What counts on the page of benchmarks: python perturbations/benches/test_page.py"""
import unittest

import page


def figures(**changed):
    """A run in which every figure is easy to follow; each test changes what it is about."""
    ours = {"gamma": 1.0, "jpeg_compression": 1.0, "jpeg_quality_15": 1.0, "fog": 1.0, "glass_blur": 2.0, "pipeline": 10.0,
            "medmnist_c pixelate": 1.0, "medmnist_c motion_blur": 2.0}
    times = {"ours": ours,
             "opencv": {"gamma": 4.0, "jpeg_compression": 9.0, "jpeg_quality_15": 2.0, "pipeline": 40.0},
             "pillow": {"gamma": 0.5},
             "imagecorruptions": {"jpeg_compression": 3.0, "fog": 37.0, "glass_blur": 800.0},
             "medmnistc": {"medmnist_c pixelate": 4.0, "medmnist_c motion_blur": 200.0}}
    parity = {peer: {case: (True, "0.10 levels") for case in cases} for peer, cases in times.items() if peer != "ours"}
    parity["pillow"]["gamma"] = (False, "9.00 levels")
    rows = {"gamma": {"ms": 0.4, "one": 1.0, "two": 0.9, "memory": 1.0, "large": 40.0, "kept": 40.0},
            "tint": {"ms": 0.1, "memory": 1.0},
            "elastic": {"ms": 10.0, "one": 12.0, "two": 8.0, "memory": 4.3, "large": 300.0, "kept": 160.0},
            "rotate": {"ms": 4.0, "one": 5.0, "two": 2.5, "memory": 2.0, "large": 60.0, "kept": 50.0},
            "ruler": {"error": "no room"}}
    found = {"date": "2026-01-01", "machine": "M", "cores": 2, "load": 1.0, "size": "1024x768", "bytes": 3_000_000, "rounds": 1,
             "peers": ["opencv", "pillow", "imagecorruptions", "medmnistc"], "large": "4000x3000", "times": times, "errors": {},
             "parity": parity, "catalogue": {"copy": 0.1, "rows": rows},
             "distances": {"PSNR": {"1024x768": 0.5, "4000x3000": 0.25}}}
    return found | changed


def goal(text, found):
    """The measured cell of the goal whose name begins so."""
    line = next(line for line in page.written(found).splitlines() if line.startswith(f"| {text}"))
    return line.split(" | ")[-1].rstrip(" |")


class Page(unittest.TestCase):
    def test_only_comparable_peers_are_the_fastest(self):
        self.assertEqual(page.fastest(figures(), "gamma"), (4.0, "opencv"))
        self.assertIsNone(page.fastest(figures(), "fog"))
        self.assertIn("| fog | 1 | – | – | 37 | – | – |", page.written(figures()))
        self.assertIn("| gamma | 1 | 4 | (0.5) | – | opencv | 4.00 × |", page.written(figures()))

    def test_each_operator_counts_once_with_its_lower_ratio_and_the_pipeline_does_not(self):
        # gamma 4 and JPEG 2, not 9.
        self.assertEqual(goal("fastest comparable peer, geometric mean of 2", figures()), "2.8 ×")
        self.assertTrue(goal("JPEG to five", figures()).startswith("4.00"))

    def test_a_slow_case_is_named_and_a_slow_pipeline_is_not(self):
        found = figures()
        found["times"]["opencv"] |= {"gamma": 0.8, "pipeline": 5.0}
        self.assertEqual(goal("cases below 0.9", found), "gamma 0.80 ×")
        self.assertEqual(goal("cases below 0.9", figures()), "none")

    def test_the_mean_without_textures_leaves_them_out(self):
        found = figures()
        found["times"]["opencv"]["glass_blur"] = 200.0
        found["parity"]["opencv"]["glass_blur"] = (True, "change 4 for 4")
        self.assertEqual(goal("the same without textures", found), "2.8 ×")
        self.assertEqual(goal("fastest comparable peer, geometric mean of 3", found), "9.3 ×")

    def test_the_suite_is_a_ratio_of_sums_of_what_both_ran(self):
        self.assertEqual(goal("ImageNet-C suite (3 of 19)", figures()), "20.0 ×")
        self.assertEqual(goal("the same with it", figures()), "210 ×")

    def test_medmnistc_is_set_against_our_medmnist_c(self):
        self.assertEqual(goal("medmnistc, geometric mean of 2 of its 15", figures()), "20.0 ×")
        self.assertIn("| motion_blur | 2 | 200 | 100.0 × | 0.10 levels |", page.written(figures()))

    def test_a_peer_that_is_not_there_was_not_run(self):
        found = figures(peers=[], parity={})
        found["times"] = {"ours": found["times"]["ours"]}
        for text in ("ImageNet-C", "the same with it", "medmnistc", "fastest comparable", "JPEG to five"):
            self.assertEqual(goal(text, found), "not run")

    def test_the_catalogue_names_what_lies_beyond_each_goal(self):
        found = figures()
        self.assertEqual(goal("point operators", found), "gamma 25 %")
        self.assertEqual(goal("two threads over pictures, of 2 rows", found), "1.75 ×")
        self.assertEqual(goal("those below 1.8", found), "elastic 1.50 ×")
        self.assertEqual(goal("those above 3", found), "elastic 4.3")
        self.assertEqual(goal("those above 16.5", found), "elastic 30 ×")
        text = page.written(found)
        self.assertIn("| elastic | 10 | – | 1.50 × | 4.3 | 30.0 × | 16.0 × |", text)
        self.assertIn("| gamma | 0.4 | 25 % | – | 1.0 | – | – |", text)
        self.assertIn("| ruler | no room |", text)
        self.assertIn("| PSNR | 0.5 | 0.25 |", text)

    def test_other_programs_are_spoken_of_only_above_a_load_of_two(self):
        self.assertNotIn("other programs", page.written(figures(load=2.0)))
        self.assertIn("other programs", page.written(figures(load=2.1)))

    def test_what_was_not_measured_has_no_section(self):
        found = figures(distances={}, peers=[], parity={})
        found["times"] = {"ours": found["times"]["ours"]}
        text = page.written(found)
        self.assertNotIn("## Distances", text)
        self.assertNotIn("| medmnist_c |", text)
        self.assertNotIn("\n\n\n", text)
        self.assertIn("## Distances", page.written(figures()))

    def test_failures_are_printed(self):
        found = figures(errors={"opencv": {"fog": "no"}})
        self.assertIn("| fog | 1 | fails |", page.written(found))
        self.assertIn("Failed: opencv fog (no).", page.written(found))


if __name__ == "__main__":
    unittest.main()
