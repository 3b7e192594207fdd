package io.vigie.incident.evidence;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import io.vigie.kernel.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class FileTypesTest {

  private static final FileTypes TYPES = new FileTypes();
  private static final byte[] PDF = bytes("%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n");
  private static final byte[] PNG =
      HexFormat.of().parseHex("89504e470d0a1a0a" + "00".repeat(30) + "49454e44ae426082");
  private static final byte[] JPEG = HexFormat.of().parseHex("ffd8ffe0" + "00".repeat(30) + "ffd9");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] zip(String comment) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.setComment(comment);
      zip.putNextEntry(new ZipEntry("run.sh"));
      zip.write(1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return file.toByteArray();
  }

  static Stream<Arguments> taken() {
    return Stream.of(
        Arguments.of("PDF", PDF, "application/pdf"),
        Arguments.of("PNG", PNG, "image/png"),
        Arguments.of("JPEG", JPEG, "image/jpeg"),
        Arguments.of(
            "capture", HexFormat.of().parseHex("d4c3b2a10200"), "application/vnd.tcpdump.pcap"),
        Arguments.of("log", bytes("Mar  2 08:40 sshd: failed"), "text/plain; charset=utf-8"),
        Arguments.of(
            "mail with HTML", bytes("From: a@b\n\n<html><script>"), "text/plain; charset=utf-8"),
        Arguments.of("brackets", bytes("<root> logged in"), "text/plain; charset=utf-8"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("taken")
  void whatIsInAFileSaysWhatItIs(String what, byte[] content, String mediaType) {
    assertEquals(mediaType, TYPES.of(content).mediaType());
  }

  static Stream<Arguments> refused() {
    String two = "file-is-two-things";
    String not = "file-type-not-taken";
    return Stream.of(
        Arguments.of("PDF and ZIP", join(PDF, zip("%%EOF")), two),
        Arguments.of("JPEG and ZIP", join(JPEG, zip(null)), two),
        Arguments.of("JPEG and ZIP with something behind", join(JPEG, zip(null), JPEG), two),
        Arguments.of("JPEG and PDF", join(JPEG, PDF), two),
        Arguments.of("PDF and HTML", join(bytes("%PDF-1.7 <HTML>"), PDF), two),
        Arguments.of("JPEG and script", join(JPEG, bytes("<ScRiPt>")), two),
        Arguments.of("PNG that goes on", join(PNG, bytes("<?php")), two),
        Arguments.of("text and PDF", join(bytes("From: a@b\n\n"), PDF), two),
        Arguments.of("PDF without an end", bytes("%PDF-1.7"), two),
        Arguments.of("ZIP", zip(null), not),
        Arguments.of("program", HexFormat.of().parseHex("7f454c4602010100"), not),
        Arguments.of("HTML", bytes("\n <!DOCTYPE html><p>"), not),
        Arguments.of(
            "HTML behind a byte order mark", "\uFEFF<html>".getBytes(StandardCharsets.UTF_8), not),
        Arguments.of("SVG", bytes("<?xml version='1.0'?><svg/>"), not),
        Arguments.of("shell script", bytes("#!/bin/sh"), not),
        Arguments.of("Latin-1", bytes("caf\u00e9"), not),
        Arguments.of("NUL", bytes("a\0b"), not));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void whatIsNotTakenOrIsTwoThingsIsRefused(String what, byte[] content, String code) {
    assertEquals(code, assertThrows(Problem.class, () -> TYPES.of(content)).code());
  }
}
