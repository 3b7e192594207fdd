package io.vigie.console.trace;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/**
 * What the pages of the log say, in English; in French it is {@code messages/trace_fr.properties}.
 */
@MessageBundle("trace")
public interface TraceWords {

  @Message("Trace")
  String title();

  @Message(
      "Whatever happened stands in the log, once, and nobody can change it unnoticed. Reading payloads and what is sensitive is in the log too.")
  String lead();

  @Message("Search the log")
  String search();

  @Message("Who")
  String who();

  @Message("An account's id, or system:asset for what a service did by itself.")
  String whoHint();

  @Message("Object")
  String object();

  @Message(
      "As kind/id, for example asset/0199a000-0000-7000-8000-000000000001: with what refers to it.")
  String objectHint();

  @Message("As kind/id: its own events.")
  String ownObjectHint();

  @Message("Type of event")
  String type();

  @Message("For example right.approved.v1.")
  String typeHint();

  @Message("Rule")
  String rule();

  @Message("For example R4.6: all events that prove it.")
  String ruleHint();

  @Message("Service")
  String source();

  @Message("any")
  String any();

  @Message("From")
  String from();

  @Message("Until before")
  String to();

  @Message("Times are of {zone}.")
  String zoneHint(String zone);

  @Message("Outcome")
  String outcome();

  @Message("Done")
  String success();

  @Message("Refused")
  String refused();

  @Message("Alert")
  String alert();

  @Message("Words")
  String words();

  @Message("Up to eight, which all stand in the names and reasons that the event gives.")
  String wordsHint();

  @Message("Order")
  String order();

  @Message("Newest first")
  String newestFirst();

  @Message("Oldest first")
  String oldestFirst();

  @Message("Search")
  String go();

  @Message("Everything again")
  String reset();

  @Message("What was found")
  String found();

  @Message("Entry")
  String entry();

  @Message("Entry {index}")
  String entryNumber(String index);

  @Message("When")
  String when();

  @Message("What")
  String what();

  @Message("no event")
  String noEvent();

  @Message("Nothing in the log matches. Ask for less: leave a field blank, or take a longer time.")
  String none();

  @Message(
      "Nothing on this stretch of the log. The search goes on where it stopped: follow the link below.")
  String noneYet();

  @Message("There is nothing more in this direction.")
  String noMore();

  @Message("Nothing was searched.")
  String notSearched();

  @Message("A time is a day and an hour, as the field offers it.")
  String badTime();

  @Message(
      "The log does not take this: an object is kind/id, and words are one to eight, of two letters or more.")
  String refusedSearch();

  @Message(
      "The log does not answer at the moment. What you typed is still here: try again shortly.")
  String away();

  @Message("Pages")
  String pages();

  @Message("Previous page")
  String previous();

  @Message("Next page")
  String next();

  @Message("Take it away: exports and packs of evidence")
  String takeAway();

  @Message("Everything about this object")
  String timelineOf();

  @Message("Proof, verified in the browser")
  String proofOf();

  @Message("Download the proof with the payload")
  String proofFile();

  @Message("A file to keep, for ./vigie verify receipt. That you took it is in the log.")
  String proofFileHint();

  @Message("What the entry says")
  String fields();

  @Message("As it is hashed")
  String canonical();

  @Message("Leaf hash")
  String leafHash();

  @Message("Payload")
  String payload();

  @Message("That you read it is in the log.")
  String payloadRead();

  @Message(
      "The payload was erased: what is left is the entry, which still proves that there was one.")
  String erased();

  @Message("It is no text: {bytes} bytes, which the proof has.")
  String noText(String bytes);

  @Message("This is the beginning of {bytes} bytes; the proof has all of them.")
  String cut(String bytes);

  @Message("What the log found wrong")
  String alertSays();

  @Message("Timeline of {kind}")
  String timeline(String kind);

  @Message("What happened to it, in all services, and to what refers to it. Newest first.")
  String timelineLead();

  @Message("The log knows nothing of this object that you may read.")
  String timelineNone();

  @Message("By")
  String by();

  @Message("of {object}")
  String of(String object);

  @Message("Changes")
  String changes();

  @Message("removed")
  String removed();

  @Message("Search the log for it")
  String searchFor();

  @Message("How it stands, and what may be done with it")
  String ownPage();

  @Message("Receipt")
  String receipt();

  @Message(
      "It proves that this entry stands in the log, at its place, under a signature of the log.")
  String receiptLead();

  @Message("The log and its checkpoint")
  String checkpoint();

  @Message("Log")
  String log();

  @Message("Place in the log")
  String place();

  @Message("Entries that the checkpoint covers")
  String size();

  @Message("Root that it signs")
  String root();

  @Message("This receipt cannot be read here. Download it and check it as said below.")
  String unreadable();

  @Message("What your browser verifies")
  String verification();

  @Message(
      "Without scripts this page verifies nothing: download the receipt and check it as said below.")
  String noScript();

  @Message("Your browser is computing…")
  String computing();

  @Message("Verified: the entry stands in the log that this key signed.")
  String verified();

  @Message(
      "Half verified: the entry stands in the tree of the checkpoint, whose signature was not checked.")
  String unsigned();

  @Message(
      "Refused: this receipt does not prove what it says. Keep it, and tell the security team.")
  String refusedReceipt();

  @Message(
      "Refused: this is the receipt of another event than the one that was asked for. Keep it, and tell the security team.")
  String otherReceipt();

  @Message("Not verified: the receipt or the key is not of the form that it must have.")
  String malformed();

  @Message(
      "Not verified: browsers compute hashes only on pages that came over https. Check the receipt as said below.")
  String impossible();

  @Message("The entry becomes a leaf")
  String stepLeaf();

  @Message("SHA-256 of a zero byte and the entry, letter by letter as it stands here.")
  String stepLeafHow();

  @Message("The leaf leads to the root")
  String stepPath();

  @Message(
      "Each line of the proof is a neighbour: SHA-256 of a one byte and both, the left one first, is the node above.")
  String stepPathHow();

  @Message("Neighbour on the left")
  String left();

  @Message("Neighbour on the right")
  String right();

  @Message("Node above")
  String above();

  @Message("There are as many neighbours as this place in a tree of this size has.")
  String pathGood();

  @Message("The entry is alone in the tree: its leaf is the root.")
  String pathEmpty();

  @Message("These are not the neighbours that this place in a tree of this size has.")
  String pathBad();

  @Message("The root is the one that was signed")
  String stepRoot();

  @Message("Computed")
  String computed();

  @Message("In the checkpoint")
  String signedRoot();

  @Message("They are the same.")
  String rootGood();

  @Message("They differ: entry, place, proof or checkpoint was changed.")
  String rootBad();

  @Message("The checkpoint is signed by the log")
  String stepSignature();

  @Message("Ed25519, over origin, size and root, under the key below.")
  String stepSignatureHow();

  @Message("The signature is right.")
  String signatureGood();

  @Message("The signature is wrong: checkpoint or signature was changed.")
  String signatureBad();

  @Message("Not checked: no key below is of this log and signed this checkpoint.")
  String signatureNone();

  @Message("Not checked: this browser does not know Ed25519. ./vigie verify does.")
  String signatureUnsupported();

  @Message("Key of the log")
  String key();

  @Message(
      "It comes from the log itself. If you have it from a person, put that one here; witnesses' signatures are not checked here.")
  String keyHint();

  @Message("Verify again")
  String again();

  @Message("Check it without us")
  String offline();

  @Message(
      "This page and the log come from the same place. Whoever wants to rely on neither downloads the receipt and runs this, on any machine with Java 17, with the key that a person gave them:")
  String offlineHow();

  @Message("The file itself")
  String file();

  @Message("Show how it is proved")
  String seeProof();

  @Message("Exports and evidence")
  String exports();

  @Message("Files that verify without us. That you took one, and of what, is in the log.")
  String exportsLead();

  @Message("Export of the log")
  String export();

  @Message(
      "All entries, those that match with their payloads, the others without: it proves that none is missing. With everything blank it is the whole log.")
  String exportLead();

  @Message("Words are no condition of an export: it has more than the search.")
  String exportsNoWords();

  @Message("A rule is no condition of an export: it has more than the search.")
  String exportsNoRule();

  @Message(
      "An export has only the object's own events in full. For those that refer to it as well, take a pack, which has the object filled in:")
  String exportsOwnEvents();

  @Message("Form")
  String form();

  @Message("Lines of JSON, for ./vigie verify FILE")
  String ndjson();

  @Message("ZIP archive with a table for spreadsheets, for ./vigie verify FILE.zip")
  String csv();

  @Message("Download the export")
  String takeExport();

  @Message("Pack of evidence")
  String pack();

  @Message(
      "Everything about a client, or about some objects, each entry with its proof, and nothing about other clients: for ./vigie verify pack FILE.")
  String packLead();

  @Message("Client")
  String client();

  @Message("The client's id.")
  String clientHint();

  @Message("Objects")
  String objects();

  @Message("As kind/id, one a line, up to 100.")
  String objectsHint();

  @Message("The log has {entries} entries at present, and each is a line of the file.")
  String exportEntries(String entries);

  @Message("100,000 entries at most; of more there is no file: name fewer objects.")
  String packMost();

  @Message(
      "The file begins within a minute, or you are told that it does not. Of many entries it then takes minutes: go on in another window, and leave the browser open. What breaks off is to be taken again, and that is in the log, too.")
  String fileHow();

  @Message("Download the pack")
  String takePack();

  @Message("There is no file.")
  String noFile();

  @Message("Name a client by its id, or objects as kind/id.")
  String badObject();

  @Message("The log does not take these conditions: objects are kind/id, up to 100.")
  String refusedFile();

  @Message(
      "The log cannot make this file now: it has signed nothing yet, or this would be more than 100,000 entries. Ask for less.")
  String impossibleFile();
}
