/** "+ Rule": a blank one, one of a template, or from what was filtered in the statistics. */
import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconPlus } from '@tabler/icons-react'
import { useTexts } from '~/texts/texts'
import { TEMPLATES, type Template } from '../templates'
import { rulesTexts } from '../texts'
import { useSpeaker } from '../vocabulary'

interface Props {
  onBlank: () => void
  onTemplate: (template: Template) => void
  onStatistics: () => void
}

export function NewRule({ onBlank, onTemplate, onStatistics }: Props) {
  const t = useTexts(rulesTexts)
  const speaker = useSpeaker()
  return (
    <Button.Group>
      <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={onBlank}>
        {t.newRule}
      </Button>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button variant="default" px={8} aria-label={t.newRuleFrom}>
            <IconChevronDown size={16} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t.template}</Menu.Label>
          {TEMPLATES.map(template => (
            <Menu.Item key={template.name(t)} onClick={() => onTemplate(template)}>
              {template.name(t)}
              <br />
              <small>{speaker.who(template.when)}</small>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={onStatistics}>{t.fromStatistics}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  )
}
