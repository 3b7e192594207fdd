package io.vigie.asset.software.version;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import io.vigie.asset.software.version.Ordering.Version;
import io.vigie.asset.software.version.VersionRange.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VersionRangeTest {

  /** Each line is in order, the oldest first. */
  @ParameterizedTest
  @CsvSource({
    // Maven: numbers as numbers, qualifiers before the release, sp behind it
    "maven, 1.0-alpha-1 1.0-beta-2 1.0-rc1 1.0-SNAPSHOT 1.0 1.0-sp 1.0.1 1.9 1.10",
    // Semantic Versioning 2.0.0, section 11
    "npm, 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.9.0 1.10.0",
    "golang, v0.0.0-20190101000000-abcdefabcdef v0.0.0-20210101000000-abcdefabcdef v1.2.3 v1.10.0",
    // PEP 440, "summary of permitted suffixes and relative ordering", and epochs
    "pypi, 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0.post456.dev34 1.0.post456 1.1.dev1 1.9 1.10 1!0.1",
    // Debian Policy 5.6.12, the tilde first of all
    "deb, 0.9 1.0~~ 1.0~~a 1.0~ 1.0~beta1 1.0 1.0-1 1.0-1+deb12u1 1.0-2 1.0a 1.0+b 1.9 1.10 1:0.1",
    // rpmvercmp: its own tests, tests/rpmvercmp.at
    "rpm, 1.0~rc1 1.0~rc1^git1 1.0~rc2 1.0 1.0^ 1.0^git1 1.0^git2 1.0a 1.0.1 1.0.9 1.0.10 2.0-1 2.0-1.el8 2.0-2.el8 1:1.0",
    "composer, 1.0.0-alpha1 1.0.0-beta1 1.0.0-beta2 1.0.0-RC1 v1.0.0 1.0.0-p1 1.0.1 1.9.0 1.10.0",
    // Gem::Version, "the pre-releases", and its test test_gem_version.rb
    "gem, 1.0.a 1.0.a.1 1.0.a.2 1.0.b1 1.0-rc1 1.0 1.0.1.pre 1.0.1 1.9 1.9.0.1 1.10.a 1.10",
    // NuGet, "package versioning": labels whatever their case, and a fourth number
    "nuget, 1.0.0-ALPHA 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-Beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.0.1 1.0.1 1.9 1.10",
    // apk-tools, test/version.data, and revisions
    "apk, 0.9 1.0_alpha 1.0_alpha2 1.0_beta 1.0_pre1 1.0_rc 1.0_rc-r1 1.0_rc2 1.0 1.0-r0 1.0-r1 1.0-r10 1.0_git20240101 1.0_p1 1.0_p10 1.0a 1.0.1 1.01 1.1 1.9 1.10 2"
  })
  void versionsAreInTheOrderOfTheirEcosystem(String type, String ordered) {
    List<String> texts = List.of(ordered.split(" "));
    List<Version> versions =
        texts.stream()
            .map(text -> Ordering.of(type).orElseThrow().parse(text).orElseThrow())
            .toList();
    for (int i = 0; i < versions.size(); i++) {
      for (int j = 0; j < versions.size(); j++) {
        assertEquals(
            Integer.compare(i, j),
            Integer.signum(versions.get(i).compareTo(versions.get(j))),
            texts.get(i) + " and " + texts.get(j));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pypi, 1.0, 1.0.0",
    "pypi, 1.0alpha1, 1.0.a1",
    "pypi, 1.0-1, 1.0.post1",
    "pypi, v1.0RC1, 1.0c1",
    "deb, 1.0, 0:1.0",
    "deb, 1.00, 1.0",
    "rpm, 1.0, 1..0",
    "rpm, 1.010, 1.10",
    "composer, 1.0, v1.0.0.0",
    "gem, 1.0, 1",
    "gem, 1.0.a, 1.a",
    "gem, 1.0-1, 1.0.pre.1",
    "nuget, 1.0, 1.0.0.0",
    "nuget, 1.0-RC, 1.0.0-rc+sha",
    "apk, 1.010, 1.010",
    "maven, 1.0, 1.0.0",
    "npm, 1.0.0+a, 1.0.0+b"
  })
  void theSameVersionCanBeWrittenInMoreThanOneWay(String type, String one, String other) {
    Ordering ordering = Ordering.of(type).orElseThrow();
    assertEquals(
        0, ordering.parse(one).orElseThrow().compareTo(ordering.parse(other).orElseThrow()));
  }

  @ParameterizedTest
  @CsvSource({
    "vers:maven/>=2.0|<2.15.0, 2.14.1, IN",
    "vers:maven/>=2.0|<2.15.0, 2.15.0, OUT",
    "vers:maven/>=2.0|<2.15.0, 2.0-beta9, OUT",
    "vers:maven/>=2.0|<2.15.0, 2.0, IN",
    "vers:npm/<1.2.3|>=2.0.0|<2.4.5, 1.10.0, OUT",
    "vers:npm/<1.2.3|>=2.0.0|<2.4.5, 2.4.4, IN",
    "vers:npm/<2.4.5|>=2.0.0|<1.2.3, 2.1.0, IN",
    "vers:npm/>=1.0.0|!=1.5.0|<2.0.0, 1.5.0, OUT",
    "vers:npm/!=1.5.0, 1.6.0, IN",
    "vers:npm/>1.0.0, 1.0.0, OUT",
    "vers:npm/<=1.0.0, 1.0.0, IN",
    "vers:npm/=1.0.0|=1.2.0, 1.2.0, IN",
    "vers:npm/=1.0.0|=1.2.0, 1.1.0, OUT",
    "vers:deb/<1%3A2.3-4, 1:2.3-3, IN",
    "vers:deb/<1%3A2.3-4, 2:0-1, OUT",
    "vers:deb/<1%3A2.3-4, 2.3-4, IN",
    // Advisories about RPM packages say their epoch, machines mostly do not
    "vers:rpm/<1%3A1.1.1k-12.el8_9, 1.1.1k-12.el8_9, OUT",
    "vers:rpm/<1%3A1.1.1k-12.el8_9, 1.1.1k-9.el8_7, IN",
    "vers:rpm/<1%3A1.1.1k-12.el8_9, 1:1.1.1k-12.el8_9, OUT",
    "vers:rpm/<1%3A1.1.1k-12.el8_9, 0:1.1.1k-12.el8_9, IN",
    "vers:rpm/>=1%3A1.1.1k-1|<1%3A1.1.1k-12, 1.1.1g-15, OUT",
    "vers:rpm/=1%3A1.1.1k-12.el8_9, 1.1.1k-12.el8_9, IN",
    "vers:rpm/<1.1.1k-12.el8_9, 1:1.1.1g-1, OUT",
    "vers:npm/*, whatever, IN",
    "vers:generic/>=2.9|<=4.1, 3.0, UNDECIDED",
    "vers:generic/=3.0, 3.0, IN",
    "vers:generic/=3.0, 3.1, OUT",
    "vers:gem/>=3.0|<3.0.9.rc1, 3.0.8, IN",
    "vers:nuget/>=4.0|<4.0.0.2, 4.0.0.2, OUT",
    "vers:apk/<3.0.12-r4, 3.0.12-r3, IN",
    "vers:apk/<3.0.12-r4, 3.0.12, IN",
    "vers:apk/<3.0.12-r4, three, UNDECIDED",
    "vers:gem/=3.0, 3.1, OUT",
    "vers:npm/<2.0.0, no version, UNDECIDED",
    "vers:composer/<2.0.0, dev-main, UNDECIDED",
    "vers:npm/<not-a-version, 1.0.0, UNDECIDED",
  })
  void aRangeHoldsAVersionOrNotOrNobodyKnows(String range, String version, Verdict verdict) {
    assertEquals(verdict, VersionRange.parse(range).contains(version));
  }

  @Test
  void aVersionThatNobodyKnowsIsInARangeOfAllAlone() {
    assertEquals(Verdict.IN, VersionRange.parse("vers:npm/*").contains(null));
    assertEquals(Verdict.UNDECIDED, VersionRange.parse("vers:npm/<2.0.0").contains(null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.0",
        "vers:npm",
        "vers:npm/",
        "vers:npm/>=",
        "vers:npm/<%zz",
        "vers:npm/>=1|*"
      })
  void whatIsNoRangeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> VersionRange.parse(text));
  }

  /** Any order of versions: neither two answers for one question, nor a circle. */
  @ParameterizedTest
  @ValueSource(strings = {"deb", "rpm", "pypi", "composer", "gem", "nuget", "apk"})
  void anOrderIsTotal(String type) {
    Ordering ordering = Ordering.of(type).orElseThrow();
    Random random = new Random(7);
    List<Version> versions = new ArrayList<>();
    while (versions.size() < 300) {
      StringBuilder text = new StringBuilder().append(random.nextInt(3));
      for (int i = random.nextInt(6); i > 0; i--) {
        text.append("0123.~^+-ab".charAt(random.nextInt(11)));
      }
      ordering.parse(text.toString()).ifPresent(versions::add);
    }
    Collections.sort(versions);
    for (int i = 1; i < versions.size(); i++) {
      for (int j = 0; j < i; j++) {
        int order = versions.get(j).compareTo(versions.get(i));
        assertTrue(order <= 0);
        assertEquals(
            -Integer.signum(order), Integer.signum(versions.get(i).compareTo(versions.get(j))));
      }
    }
  }
}
