// Runs axe-core with every rule that is not an experiment. Calls back with the faults as sentences.
const done = arguments[arguments.length - 1];
const rules = { "target-size": { enabled: true } };
const sentence = ({ id, nodes }) => nodes.map((node) => {
  const why = [...node.any, ...node.all, ...node.none].map(({ message }) => message).join("; ");
  return `axe ${id}: ${node.target.join(" ")}: ${why}`;
});
// What it would load first serves rules about the sound of media, of which there is none.
axe.run(document, { resultTypes: ["violations"], rules, preload: false }).then(
  ({ violations }) => done(violations.flatMap(sentence)),
  (error) => done([`axe failed: ${error}`]),
);
