package io.vigie.verifier;

import java.util.Base64;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class CanonicalTest {

  @Property
  void aNumberIsReadAsItIsWritten(@ForAll @LongRange(min = 0) long number) {
    assertEquals(number, Canonical.number(Long.toString(number)));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "01",
        "00",
        " 1",
        "1 ",
        "1.0",
        "٣",
        "9223372036854775808",
        "9999999999999999999",
        "18446744073709551616",
        "100000000000000000000"
      })
  void whatIsNoNumberInItsOneFormIsNone(String text) {
    assertEquals(-1, Canonical.number(text));
  }

  @Property
  void bytesAreReadAsTheyAreWritten(@ForAll byte[] bytes) {
    assertArrayEquals(bytes, Canonical.bytes(Base64.getEncoder().encodeToString(bytes)));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"QQ", "QQ=", "QR==", "QUI", "QUJ=", "QUJD=", "Q", "Q Q==", "QQ==QQ==", "Q-=="})
  void bytesInAnyOtherFormAreNone(String text) {
    assertNull(Canonical.bytes(text));
  }
}
